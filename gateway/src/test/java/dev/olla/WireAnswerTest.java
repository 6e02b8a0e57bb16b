package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How answers are framed, and in which order they come.
class WireAnswerTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void anAnswerThatHasNoBodyDeclaresNone(int status) throws IOException {
        try (WireBackend backend = WireBackend.answering("HTTP/1.1 " + status + " X\r\nETag: \"e\"\r\n\r\n");
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET", PATH, "", "");
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.header("Content-Length")).isNull();
                assertThat(answer.header("Transfer-Encoding")).isNull();
                assertThat(answer.header("ETag")).isEqualTo("\"e\"");
            }
        }
    }

    @Test
    void aRedirectOfOursHasAnEmptyBody() throws IOException {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", "/olla//proxy/x?y", "", "");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.header("Location")).isEqualTo("/olla/proxy/x?y");
            assertThat(answer.header("Content-Length")).isEqualTo("0");
        }
    }

    @Test
    void theAnswerToHeadHasTheHeadOnly() throws IOException {
        try (WireBackend backend = WireBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD " + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponseToHead().header("Content-Length")).isEqualTo("500");
                client.send("HEAD /version HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponseToHead().header("Content-Length")).isNotEqualTo("0");
            }
        }
    }

    @Test
    void anHttp10ClientGetsAStreamThatEndsWithTheConnection() throws IOException {
        try (WireBackend backend = WireBackend.answering(CHUNKED);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}");
            RawResponse answer = client.readResponse();
            assertThat(answer.header("Transfer-Encoding")).isNull();
            assertThat(answer.header("Content-Length")).isNull();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.body()).isEqualTo("onetwo");
        }
    }

    @Test
    void anHttp10ConnectionIsKeptWhenAskedFor() throws IOException {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET " + PATH + " HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
                RawResponse answer = client.readResponse();
                assertThat(answer.header("Connection")).isEqualTo("keep-alive");
                assertThat(answer.body()).isEqualTo("ok");
            }
            client.send("GET " + PATH + " HTTP/1.0\r\n\r\n");
            assertThat(client.readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aClientCanAskForTheConnectionToBeClosed() throws IOException {
        try (WireBackend backend = WireBackend.answering(CHUNKED);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "Connection: x, Close\r\n", "{}");
            RawResponse answer = client.readResponse();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.body()).isEqualTo("onetwo");
            assertThat(answer.complete()).isTrue();
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aTruncatedAnswerToAnHttp10ClientIsReset() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                    connection.close();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}");
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> client.socket().getInputStream().readAllBytes())
                    .isInstanceOf(java.net.SocketException.class);
        }
    }

    @Test
    void aTruncatedAnswerIsNotEndedAsIfItWereComplete() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                    connection.close();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isFalse();
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aThousandRequestsAtOnceAreAnsweredInOrder() throws IOException {
        AtomicInteger served = new AtomicInteger();
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    String body = head.lines().findFirst().orElse("");
                    served.incrementAndGet();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                requests.append("GET ")
                        .append(i % 3 == 0 ? "/version" : "/olla/proxy/v1/" + i)
                        .append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 1000; i++) {
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).contains(i % 3 == 0 ? "\"version\"" : "GET /v1/" + i + " HTTP");
            }
            assertThat(served).hasValue(666);
        }
    }

    @Test
    void requestsThatComeWhileOneIsSlowWaitTheirTurn() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    go.await();
                    connection.write(WireBackend.OK);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            Eventually.await(
                    "the slow one is under way", () -> backend.requests().size() == 1);
            String late = "POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
            for (byte b : late.repeat(600).getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            assertThat(backend.requests()).hasSize(1);
            go.countDown();
            for (int i = 0; i < 601; i++) {
                assertThat(client.readResponse().body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void aBodyCutAnywhereArrivesWhole() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    byte[] body = connection.read(WireBackend.bodyLength(head));
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                    connection.write(body);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            String request = "POST " + PATH + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5;x=y\r\n{\"a\":\r\n2\r\n1}\r\n0\r\nTrailer: t\r\n\r\n";
            for (int at = 1; at < request.length(); at++) {
                client.send(request.substring(0, at));
                client.send(request.substring(at));
                assertThat(client.readResponse().body()).isEqualTo("{\"a\":1}");
            }
        }
    }
}
