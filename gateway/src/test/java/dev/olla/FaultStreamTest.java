package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// An answer that goes wrong once it has begun, or is no answer: what the client sees of it.
class FaultStreamTest {

    private static final String OPENAI = "/olla/proxy/v1/chat/completions";
    private static final String OLLAMA = "/olla/ollama/api/chat";
    private static final String BODY = "{\"model\":\"m\",\"messages\":[]}";
    private static final String EVENTS = "text/event-stream";
    private static final long LONGER_THAN_THE_LIMIT = Duration.ofMillis(600).toNanos();
    private static final String NDJSON = "application/x-ndjson";

    /// How a server ends in the middle of its answer.
    enum Ending {
        CLOSE,
        RESET;

        void play(RawConnection connection) throws IOException {
            if (this == RESET) {
                connection.reset();
            } else {
                connection.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSE", "RESET"})
    void aChunkedStreamThatBreaksOffHasNoFinalChunk(Ending ending) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(EVENTS));
                    connection.writeChunk("data: one\n\n");
                    seen.await();
                    ending.play(connection);
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").contains("Transfer-Encoding: chunked");
            assertThat(client.readChunk()).isEqualTo("data: one\n\n");
            seen.countDown();
            assertThat(client.readUntilClosed()).isEmpty();
            assertFailed(gateway);
        }
    }

    @Test
    void aSizedAnswerThatBreaksOffStaysShort() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n");
                    connection.write("{\"half\":");
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Length")).isEqualTo("50");
            assertThat(answer.body()).isEqualTo("{\"half\":");
            assertThat(answer.complete()).isFalse();
            assertFailed(gateway);
        }
    }

    @Test
    void anAnswerThatEndsWithTheConnectionIsWhole() throws Exception {
        try (FaultServer server = FaultServer.start(
                        "bad",
                        FaultServer.answering(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n"));
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.body()).isEqualTo("data: x\n\n");
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void anAnswerThatEndsWithAResetIsNot() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n");
                    seen.await();
                    connection.reset();
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY);
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("data: x\n\n");
            seen.countDown();
            assertThat(client.readUntilClosed()).isEmpty();
        }
    }

    /// Where only the end of the connection ends an answer, a plain close would look like its end.
    @Test
    void anOldClientSeesAResetWhenItsAnswerBreaksOff() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(EVENTS));
                    connection.writeChunk("data: one\n\n");
                    seen.await();
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST " + OPENAI + " HTTP/1.0\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
            assertThat(client.readHead()).doesNotContain("Transfer-Encoding").contains("Connection: close");
            assertThat(client.readLine()).isEqualTo("data: one");
            assertThat(client.readLine()).isEmpty();
            seen.countDown();
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void anOldClientSeesAPlainEndWhenItsAnswerIsWhole() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(EVENTS));
                    connection.writeChunk("data: one\n\n");
                    connection.writeChunk("");
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST " + OPENAI + " HTTP/1.0\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
            client.readHead();
            String rest = new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest.isEmpty() || rest.endsWith("data: one\n\n")).isTrue(); // the client may have read ahead
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSE", "RESET"})
    void anOllamaStreamThatBreaksOffEndsWithAnErrorLine(Ending ending) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(NDJSON));
                    connection.writeChunk("{\"done\":false}\n");
                    seen.await();
                    ending.play(connection);
                });
                TestGateway gateway = ollama(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OLLAMA, "", BODY);
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("{\"done\":false}\n");
            seen.countDown();
            String last = client.readChunk();
            assertThat(last).isNotNull().endsWith("}\n");
            JsonNode line = TestGateway.JSON.readTree(last);
            assertThat(line.get("error").asString()).contains("endpoint bad").contains("within its answer");
            assertThat(client.readUntilClosed()).isEmpty();
        }
    }

    @Test
    void aBrokenLineIsNotContinued() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(NDJSON));
                    connection.writeChunk("{\"done\":false}\n{\"do");
                });
                TestGateway gateway = ollama(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OLLAMA, "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isFalse();
            assertThat(answer.body()).isEqualTo("{\"done\":false}\n{\"do");
        }
    }

    /// An error line could fill the announced length, so that the client would take the answer for whole.
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 40", "Content-Length: 4000"})
    void nothingIsAddedToAnAnswerOfAnnouncedLength(String length) throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: " + NDJSON + "\r\n" + length + "\r\n\r\n");
                    connection.write("{\"done\":false}\n");
                });
                TestGateway gateway = ollama(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OLLAMA, "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isFalse();
            assertThat(answer.body()).isEqualTo("{\"done\":false}\n");
        }
    }

    @Test
    void nothingIsAddedToACompressedStream() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(NDJSON + "\r\nContent-Encoding: gzip"));
                    connection.writeChunk("\n");
                });
                TestGateway gateway = ollama(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OLLAMA, "", BODY);
            assertThat(client.readResponse().body()).isEqualTo("\n");
        }
    }

    @Test
    void nothingIsAddedOutsideOfOllamasPaths() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(NDJSON));
                    connection.writeChunk("{\"done\":false}\n");
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", "/olla/proxy/v1/other", "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.body()).isEqualTo("{\"done\":false}\n");
            assertThat(answer.complete()).isFalse();
        }
    }

    @Test
    void silenceWithinAStreamEndsIt() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(EVENTS));
                    connection.writeChunk("data: one\n\n");
                    connection.awaitClose();
                });
                TestGateway gateway = openAi(server, "read_timeout: 300ms");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY.replace("}", ",\"stream\":true}"));
            RawResponse answer = client.readResponse();
            assertThat(answer.body()).isEqualTo("data: one\n\n");
            assertThat(answer.complete()).isFalse();
            Eventually.await("the silent server is left", () -> server.ended() == 1);
            assertFailed(gateway);
        }
    }

    @Test
    void silenceWithinAnOllamaStreamIsExplained() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(NDJSON));
                    connection.writeChunk("{\"done\":false}\n");
                    connection.awaitClose();
                });
                TestGateway gateway = ollama(server, "read_timeout: 300ms");
                RawClient client = gateway.raw()) {
            client.send("POST", OLLAMA, "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isFalse();
            assertThat(answer.body())
                    .startsWith("{\"done\":false}\n{\"error\":\"")
                    .contains("proxy.read_timeout exceeded");
        }
    }

    @Test
    void aStreamsFirstByteIsAwaitedForReadTimeout() throws Exception {
        try (FaultServer server = FaultServer.start("bad", FaultServer.silent());
                TestGateway gateway = openAi(server, "read_timeout: 300ms, response_timeout: 1m")) {
            HttpResponse<String> answer = gateway.post(OPENAI, BODY.replace("}", ",\"stream\":true}"));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.read_timeout exceeded");
        }
    }

    @Test
    void anAnswerThatDoesNotStreamMustBeWholeWithinResponseTimeout() throws Exception {
        try (FaultServer server = FaultServer.start("bad", FaultServer.silent());
                TestGateway gateway = openAi(server, "response_timeout: 300ms")) {
            HttpResponse<String> answer = gateway.post(OPENAI, BODY);
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.response_timeout exceeded at endpoint bad");
            assertThat(TestGateway.JSON
                            .readTree(answer.body())
                            .at("/error/code")
                            .asString())
                    .isEqualTo("upstream_timeout");
        }
    }

    @Test
    void anAnswerThatDoesNotStreamIsCutWhenItTakesLonger() throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{");
                    connection.awaitClose();
                });
                TestGateway gateway = openAi(server, "response_timeout: 300ms");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY);
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isFalse();
            assertThat(answer.body()).isEqualTo("{");
        }
    }

    /// Whether the request says so, or only the answer's type.
    @ParameterizedTest
    @ValueSource(strings = {BODY, "{\"model\":\"m\",\"stream\":true}", "{\"model\":\"m\",\"stream\":false}"})
    void aStreamMayTakeLonger(String body) throws Exception {
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(EVENTS));
                    long begun = System.nanoTime();
                    connection.writeChunk("data: 0\n\n");
                    Eventually.await("the limit has passed", () -> System.nanoTime() - begun > LONGER_THAN_THE_LIMIT);
                    connection.writeChunk("data: 9\n\n");
                    connection.writeChunk("");
                });
                TestGateway gateway = openAi(server, "response_timeout: 300ms, read_timeout: 10s");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", body);
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isTrue();
            assertThat(answer.body()).contains("data: 0\n\n").endsWith("data: 9\n\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no status line     | hello\\r\\n\\r\\n                                          | malformed answer",
                "a wrong version    | HTTP/2.0 200 OK\\r\\n\\r\\n                                | malformed answer",
                "no status          | HTTP/1.1 abc\\r\\n\\r\\n                                   | malformed answer",
                "two lengths        | HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nx | more than one",
                "length and chunks  | HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0 | both",
                "bytes after it     | HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\nxyz             | bytes after its end",
                "a folded header    | HTTP/1.1 200 OK\\r\\nX-A: 1\\r\\n 2\\r\\n\\r\\n                   | malformed answer",
                "a switch           | HTTP/1.1 101 Switching\\r\\nUpgrade: x\\r\\n\\r\\n               | switches protocols",
                "half a head        | HTTP/1.1 200 OK\\r\\nContent-Le                             | connection closed after",
                "half a status line | HTT                                                       | connection closed after",
            })
    void whatIsNoAnswerIs502(String name, String bytes, String words) throws Exception {
        String sent = bytes.strip().replace("\\r\\n", "\r\n");
        try (FaultServer server = FaultServer.start("bad", FaultServer.answering(sent));
                TestGateway gateway = ollama(server, "")) {
            HttpResponse<String> openAi = gateway.post("/olla/ollama/v1/chat/completions", BODY);
            assertThat(openAi.statusCode()).as(name).isEqualTo(502);
            JsonNode error = TestGateway.JSON.readTree(openAi.body()).get("error");
            assertThat(error.get("message").asString())
                    .startsWith("Proxy error: ")
                    .contains("endpoint bad", words);
            assertThat(error.get("code").asString()).isEqualTo("bad_gateway");
            HttpResponse<String> ollama = gateway.post(OLLAMA, BODY);
            assertThat(ollama.statusCode()).as(name).isEqualTo(502);
            assertThat(TestGateway.JSON.readTree(ollama.body()).get("error").asString())
                    .contains(words);
            assertThat(server.requests()).isEqualTo(2); // never retried
            FaultStatus.awaitIdle(gateway, "bad");
        }
    }

    @Test
    void anOversizedHeadIs502() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nX-Big: " + "x".repeat(70_000) + "\r\nContent-Length: 0\r\n\r\n";
        try (FaultServer server = FaultServer.start("bad", FaultServer.answering(head));
                TestGateway gateway = openAi(server, "")) {
            assertThat(gateway.post(OPENAI, BODY).statusCode()).isEqualTo(502);
        }
    }

    @Test
    void aBrokenChunkEndsTheAnswer() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (FaultServer server = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead(EVENTS));
                    connection.writeChunk("data: one\n\n");
                    seen.await();
                    connection.write("nonsense\r\n");
                    connection.awaitClose();
                });
                TestGateway gateway = openAi(server, "");
                RawClient client = gateway.raw()) {
            client.send("POST", OPENAI, "", BODY);
            client.readHead();
            client.readChunk();
            seen.countDown();
            assertThat(client.readUntilClosed()).isEmpty();
            assertFailed(gateway);
        }
    }

    @Test
    void interimAnswersArePassedOver() throws Exception {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
        try (FaultServer server = FaultServer.start(
                        "bad", FaultServer.answering(interim + FaultServer.answer(200, "application/json", "{}")));
                TestGateway gateway = openAi(server, "")) {
            HttpResponse<String> answer = gateway.post(OPENAI, BODY);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{}");
        }
    }

    @Test
    void aRedirectIsTheClientsToFollow() throws Exception {
        List<String> lines = List.of("HTTP/1.1 307 Moved", "Location: http://elsewhere/", "Content-Length: 0", "", "");
        try (FaultServer server = FaultServer.start("bad", FaultServer.answering(String.join("\r\n", lines)));
                TestGateway gateway = openAi(server, "")) {
            HttpResponse<String> answer = gateway.post(OPENAI, BODY);
            assertThat(answer.statusCode()).isEqualTo(307);
            assertThat(answer.headers().firstValue("Location")).hasValue("http://elsewhere/");
        }
    }

    private static void assertFailed(TestGateway gateway) {
        FaultStatus.awaitIdle(gateway, "bad");
        Eventually.await(
                "the failure is counted",
                () -> gateway.json("/internal/status")
                                .at("/system/total_failures")
                                .asInt()
                        == 1);
        assertThat(FaultStatus.endpoint(gateway, "bad")
                        .get("requests_client_left")
                        .asInt())
                .isZero();
    }

    private static TestGateway openAi(FaultServer server, String proxy) {
        return TestGateway.of(FaultEndpoints.config(proxy, server.yaml("vllm")));
    }

    private static TestGateway ollama(FaultServer server, String proxy) {
        return TestGateway.of(FaultEndpoints.config(proxy, server.yaml("ollama")));
    }
}
