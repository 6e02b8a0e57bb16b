package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What the gateway does with requests that break the rules or a limit.
class WireRefusalTest {

    private static final String LIMITS =
            "server:\n  request_limits: {max_body_size: 100000, max_header_size: 8192}\n  read_header_timeout: 30s\n";
    private static final WireBackend BACKEND = WireBackend.answering(WireBackend.OK);
    private static final TestGateway GATEWAY = BACKEND.gateway(LIMITS);
    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String POST = "POST " + PATH + " HTTP/1.1\r\nHost: a\r\n";

    @AfterAll
    static void close() {
        GATEWAY.close();
        BACKEND.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("no colon", POST + "bad header\r\n\r\n", 400, "invalid_request"),
                Arguments.of("space before the colon", POST + "bad : header\r\n\r\n", 400, "invalid_request"),
                Arguments.of("folded line", POST + "a: b\r\n c\r\n\r\n", 400, "invalid_request"),
                Arguments.of("bare LF", POST + "a: b\n\r\n", 400, "invalid_request"),
                Arguments.of("NUL", POST + "a: b\0c\r\n\r\n", 400, "invalid_request"),
                Arguments.of("bare CR", POST + "a: b\rc\r\n\r\n", 400, "invalid_request"),
                Arguments.of("version 2", "GET " + PATH + " HTTP/2.0\r\n\r\n", 505, "invalid_request"),
                Arguments.of("version ahead", "GET " + PATH + " HTTP/1.x\r\n\r\n", 400, "invalid_request"),
                Arguments.of("no Host", "GET " + PATH + " HTTP/1.1\r\n\r\n", 400, "invalid_request"),
                Arguments.of("two Hosts", POST + "Host: b\r\n\r\n", 400, "invalid_request"),
                Arguments.of(
                        "both lengths",
                        POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400,
                        "invalid_request"),
                Arguments.of(
                        "two lengths",
                        POST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                        400,
                        "invalid_request"),
                Arguments.of("negative length", POST + "Content-Length: -1\r\n\r\n", 400, "invalid_request"),
                Arguments.of(
                        "unknown coding", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "invalid_request"),
                Arguments.of(
                        "bad chunk size", POST + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "invalid_request"),
                Arguments.of(
                        "bad chunk end",
                        POST + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
                        400,
                        "invalid_request"),
                Arguments.of(
                        "space after a chunk size",
                        POST + "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
                        400,
                        "invalid_request"),
                Arguments.of(
                        "bad trailer",
                        POST + "Transfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n",
                        400,
                        "invalid_request"),
                Arguments.of("unknown expectation", POST + "Expect: coffee\r\n\r\n", 417, "invalid_request"),
                Arguments.of("too many fields", POST + "a:b\r\n".repeat(1500) + "\r\n", 431, "headers_too_large"),
                Arguments.of("endless field", POST + "a: " + "b".repeat(9000), 431, "headers_too_large"),
                Arguments.of("endless fields", POST + "abc: defghij\r\n".repeat(700), 431, "headers_too_large"),
                Arguments.of("declared too large", POST + "Content-Length: 100001\r\n\r\n", 413, "request_too_large"),
                Arguments.of(
                        "chunked too large",
                        POST + "Transfer-Encoding: chunked\r\n\r\n"
                                + ("1000\r\n" + "x".repeat(4096) + "\r\n").repeat(25),
                        413,
                        "request_too_large"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isAnsweredInTheFormOfThePathAndClosed(String name, String request, int status, String code)
            throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(request);
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).as(name).isEqualTo(status);
            assertThat(answer.header("X-Olla-Request-ID")).isNotBlank();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            JsonNode error = TestGateway.JSON.readTree(answer.body()).get("error");
            assertThat(error.get("code").asString()).isEqualTo(code);
            assertThat(error.get("message").asString()).isNotBlank();
            assertThat(client.closed()).isTrue();
        }
    }

    static Stream<String> unreadable() {
        return Stream.of(
                "GET\r\n\r\n",
                "GET nowhere HTTP/1.1\r\n\r\n",
                "\0\0\0\r\n\r\n",
                "\u0016\u0003\u0001\u0002\n",
                "GET /\0 HTTP/1.1\r\n\r\n",
                "hello\n");
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void aRequestLineThatCanNotBeReadIsAnsweredPlainlyAndClosed(String request) throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(request);
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("X-Olla-Request-ID")).isNotBlank();
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void thePrefaceOfHttp2Is505() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(505);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void theRefusalOfAHeadRequestHasNoBody() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send("HEAD " + PATH + " HTTP/1.1\r\nbad header\r\n\r\n");
            assertThat(client.readResponseToHead().status()).isEqualTo(400);
            assertThat(client.readUntilClosed()).isEmpty();
        }
    }

    @Test
    void aRefusedRequestKeepsTheIdThatItCameWith() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "X-Request-ID: mine-1\r\nContent-Length: 100001\r\n\r\n");
            assertThat(client.readResponse().header("X-Olla-Request-ID")).isEqualTo("mine-1");
        }
    }

    @Test
    void aClientThatIsStillSendingCanReadWhyItsBodyIsRefused() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "Content-Length: 30000000\r\n\r\n");
            byte[] piece = new byte[100_000];
            for (int i = 0; i < 300; i++) {
                client.send(piece);
            }
            assertThat(client.readResponse().status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aClientThatSendsForEverIsCutOff() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n");
            byte[] piece = new byte[1_000_000];
            client.send(piece);
            assertThat(client.readResponse().status()).isEqualTo(413);
            Eventually.await("the connection is cut", () -> isCut(client, piece));
        }
    }

    private static boolean isCut(RawClient client, byte[] piece) {
        try {
            client.send(piece);
            return false;
        } catch (SocketException _) {
            return true;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aBodyOfTheLimitIsTaken() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "Content-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\n");
            client.send(new byte[100_000]);
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.send(POST + "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n");
            client.send(new byte[100_000]);
            client.send("\r\n0\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void theClientIsToldToContinueBeforeItSendsItsBody() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "Content-Length: 2\r\nExpect: 100-Continue\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("{}");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(BACKEND.requests().getLast()).doesNotContain("Expect");
    }

    @Test
    void aBodyTooLargeIsRefusedBeforeItIsSent() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "Content-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void noContinueIsSentWhereThereIsNoBodyToCome() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send(POST + "Content-Length: 0\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void theAbsoluteFormOfTheTargetIsTaken() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send("GET http://elsewhere.example/version HTTP/1.1\r\nHost: a\r\n\r\n");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("\"version\"");
        }
    }

    @Test
    void optionsForTheServerAsAWholeAreAnswered() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Length")).isEqualTo("0");
        }
    }

    @Test
    void emptyLinesBeforeARequestArePassedOver() throws IOException {
        try (RawClient client = GATEWAY.raw()) {
            client.send("\r\n\r\nGET /version HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /version HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }
}
