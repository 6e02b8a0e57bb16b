package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fields after a body pass both ways, as far as they mean something there.
final class TrailersTest {

    private static final String PATH = "/olla/proxy/v1/other";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
    private static final String FORBIDDEN = "Content-Length: 5\r\nSet-Cookie: a=b\r\nX-Olla-Endpoint: evil\r\n";

    @Test
    void thoseOfAnAnswerReachTheClient() throws IOException {
        try (WireBackend backend =
                        WireBackend.answering(CHUNKED + "Digest: abc\r\n" + FORBIDDEN + "X-Cost:  3 \r\n\r\n");
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("POST", PATH, "", "{}");
                assertThat(client.readHead()).contains("Transfer-Encoding: chunked\r\n");
                assertThat(client.readLine()).isEqualTo("5");
                assertThat(client.readLine()).isEqualTo("hello");
                assertThat(client.readLine()).isEqualTo("0");
                assertThat(client.readHead()).isEqualTo("Digest: abc\r\nX-Cost: 3\r\n\r\n");
            }
            assertThat(backend.connectionsThatServed(2)).hasSize(1);
        }
    }

    @Test
    void aClientThatTakesNoChunksGetsNone() throws IOException {
        try (WireBackend backend = WireBackend.answering(CHUNKED + "Digest: abc\r\n\r\n");
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET " + PATH + " HTTP/1.0\r\nHost: a\r\n\r\n");
            client.readHead();
            assertThat(client.readUntilClosed()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20_000})
    void thoseOfARequestReachTheServer(int size) throws IOException {
        String body = "x".repeat(size);
        String[] rest = new String[1];
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    String line = Integer.toHexString(size) + "\r\n";
                    assertThat(new String(
                                    connection.read(line.length() + size + 2),
                                    java.nio.charset.StandardCharsets.US_ASCII))
                            .isEqualTo(line + body + "\r\n");
                    rest[0] = connection.readHead();
                    connection.write(WireBackend.OK);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(size) + "\r\n" + body
                    + "\r\n0\r\nDigest: abc\r\nAuthorization: Bearer secret\r\nHost: evil\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(rest[0]).isEqualTo("0\r\nDigest: abc\r\n\r\n");
            assertThat(backend.requests().getFirst())
                    .contains("Transfer-Encoding: chunked\r\n")
                    .doesNotContain("Content-Length");
        }
    }

    @Test
    void thoseAfterNoBodyReachTheServerToo() throws IOException {
        String[] rest = new String[1];
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    rest[0] = connection.readHead();
                    connection.write(WireBackend.OK);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "0\r\nDigest: abc\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(rest[0]).isEqualTo("0\r\nDigest: abc\r\n\r\n");
        }
    }

    @Test
    void moreThanSixteenKibibytesOfThemBreakTheAnswerOff() throws IOException {
        try (WireBackend backend = WireBackend.answering(CHUNKED + "Digest: " + "a".repeat(16 * 1024) + "\r\n\r\n");
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            assertThat(client.readResponse().complete()).isFalse();
        }
    }
}
