package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What servers do wrong, as clients of other formats hear of it.
class TranslatedFaultTest {

    private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}");
    private static final String HEL = chunk("{\"content\":\"Hel\"}");
    private static final String LO = chunk("{\"content\":\"lo\"}");
    private static final String STOP =
            "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{}," + "\"finish_reason\":\"stop\"}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String OUT_OF_MEMORY =
            "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n";

    @TempDir
    private Path folder;

    private static String chunk(String delta) {
        return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}\n\n";
    }

    private static RawResponse streamed(ClientFormat format, TestGateway gateway) throws IOException {
        try (RawClient client = gateway.raw()) {
            format.stream(client);
            return client.readResponse();
        }
    }

    private static RawResponse streamed(ClientFormat format, WireBackend backend) throws IOException {
        try (backend;
                TestGateway gateway = backend.gateway("")) {
            return streamed(format, gateway);
        }
    }

    private static String text(RawResponse response) {
        return String.join("", response.chunks());
    }

    private static void assertBrokenOff(ClientFormat format, RawResponse response, String message) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isFalse();
        assertThat(text(response)).contains("Hel", format.failure(), message).doesNotContain(format.end());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aServerThatDiesInItsAnswerIsAnErrorInTheStream(ClientFormat format) throws IOException {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(WireBackend.EVENTS);
                    connection.writeChunk(ROLE + HEL);
                    connection.close();
                });
                TestGateway gateway = backend.gateway("")) {
            assertBrokenOff(format, streamed(format, gateway), "endpoint raw");
            awaitOutcome(gateway, "truncated");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aStreamThatEndsBeforeItSaysSoIsNoCleanEnd(ClientFormat format) throws IOException {
        assertBrokenOff(format, streamed(format, WireBackend.streaming(ROLE, HEL)), "");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void anErrorInTheStreamIsToldAsOne(ClientFormat format) throws IOException {
        assertBrokenOff(format, streamed(format, WireBackend.streaming(ROLE, HEL, OUT_OF_MEMORY)), "out of memory");
    }

    /// Nothing was told yet, so the client gets a status.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void anErrorInThePlaceOfTheStreamIsAStatus(ClientFormat format) {
        try (WireBackend backend = WireBackend.streaming(OUT_OF_MEMORY);
                TestGateway gateway = backend.gateway("")) {
            HttpResponse<String> answer = gateway.post(format.path(), format.body("m", true));

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(format.message(answer)).isEqualTo("out of memory");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aWholeDocumentInThePlaceOfAStreamBecomesOne(ClientFormat format) throws IOException {
        String document = "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                + "\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}";
        RawResponse response = streamed(
                format,
                WireBackend.answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + document.length() + "\r\n\r\n" + document));

        assertThat(response.complete()).isTrue();
        assertThat(text(response)).contains("Hello", format.end()).doesNotContain(format.failure());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aStreamWhereAWholeDocumentWasWantedBecomesOne(ClientFormat format) {
        try (WireBackend backend = WireBackend.streaming(ROLE, HEL, LO, STOP, DONE);
                TestGateway gateway = backend.gateway("")) {
            HttpResponse<String> answer = format.ask(gateway);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Hello");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void otherWaysToWriteEventsAreUnderstood(ClientFormat format) throws IOException {
        String loose =
                (ROLE + HEL + LO + STOP + DONE).replace("data: ", "data:").replace("\n", "\r\n");
        String[] split = loose.split("(?<=\\G.{7})", -1);
        RawResponse response = streamed(format, WireBackend.streaming(split));

        assertThat(response.complete()).isTrue();
        assertThat(text(response)).contains("Hel", "lo", format.end()).doesNotContain(format.failure());
    }

    @ParameterizedTest
    @MethodSource("dev.olla.TranslatedRefusalTest#directions")
    void whateverItsFormatAServerThatDiesIsNoCleanEnd(ClientFormat client, OneFormat format) throws IOException {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", unwatched(format, server));
                RawClient raw = gateway.raw()) {
            server.fault(Fault.dropAfter(2));
            raw.send("POST", client.path(), "", client.body(OneFormat.MODEL, true));
            RawResponse response = raw.readResponse();
            assertThat(response.complete()).isFalse();
            assertThat(text(response)).contains("box says:", client.failure()).doesNotContain(client.end());

            HttpResponse<String> whole = gateway.post(client.path(), client.body(OneFormat.MODEL, false));
            assertThat(whole.statusCode()).isEqualTo(502);
            assertThat(client.message(whole)).contains("endpoint box");
        }
    }

    private static String unwatched(OneFormat format, SimulatedServer server) {
        return format.endpoint(server).replace("check_interval: 1s", "check_interval: 1h");
    }

    /// A piece that can't be read is left out; a document that can't be read is none.
    @ParameterizedTest
    @MethodSource("dev.olla.TranslatedRefusalTest#directions")
    void brokenJsonBreaksNoStream(ClientFormat client, OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", unwatched(format, server))) {
            server.fault(Fault.malformedJson());
            assertThat(gateway.post(client.path(), client.body(OneFormat.MODEL, true))
                            .body())
                    .contains("box says:", "w3", client.end());
            HttpResponse<String> whole = gateway.post(client.path(), client.body(OneFormat.MODEL, false));
            assertThat(whole.statusCode()).isEqualTo(502);
            assertThat(client.message(whole)).isNotEmpty();
        }
    }

    /// An Anthropic client takes one block at a time.
    @Test
    void interleavedCallsAreToldOneAfterTheOther() throws IOException {
        RawResponse response = streamed(
                ClientFormat.MESSAGES,
                WireBackend.streaming(
                        chunk(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}},"
                                        + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\\\"y\\\"\"}}]}"),
                        chunk("{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\":2}\"}}]}"),
                        chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"x\\\":1}\"}}]}"),
                        STOP.replace("stop", "tool_calls"),
                        DONE));
        StringBuilder told = new StringBuilder();
        for (String line : text(response).split("\n", -1)) {
            if (line.startsWith("data: ")) {
                JsonNode event = TestGateway.JSON.readTree(line.substring(6));
                told.append(event.at("/content_block/name").asString(""))
                        .append(event.at("/delta/partial_json").asString(""));
            }
        }
        assertThat(told).hasToString("f{\"x\":1}g{\"y\":2}");
        assertThat(response.complete()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void anAnswerThatIsTooLongToBeHeldIsAnError(ClientFormat format) {
        String document =
                "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                        + "x".repeat(5000) + "\"},\"finish_reason\":\"stop\"}]}";
        try (WireBackend backend = WireBackend.answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + document.length() + "\r\n\r\n" + document);
                TestGateway gateway = backend.gateway("proxy: {max_translated_answer: 4KB}\n")) {
            HttpResponse<String> answer = format.ask(gateway);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(format.message(answer)).contains("proxy.max_translated_answer");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aClientThatLeavesFreesItsServer(ClientFormat format) throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(WireBackend.EVENTS);
                    connection.writeChunk(ROLE + HEL);
                    connection.awaitClose();
                    freed.countDown();
                });
                TestGateway gateway = backend.gateway("")) {
            try (RawClient client = gateway.raw()) {
                format.stream(client);
                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
                assertThat(client.readChunk()).isNotEmpty();
                client.reset();
            }
            assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
            awaitOutcome(gateway, "client_left");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aServerIsPausedWhileItsClientDoesNotRead(ClientFormat format) throws IOException {
        AtomicLong sent = new AtomicLong();
        int all = 300;
        String piece = chunk("{\"content\":\"" + "x".repeat(100_000) + "\"}");
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(WireBackend.EVENTS);
                    for (int i = 0; i < all; i++) {
                        connection.writeChunk(piece);
                        sent.incrementAndGet();
                    }
                    connection.writeChunk(STOP + DONE);
                    connection.writeChunk("");
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            format.stream(client);
            WireFlowTest.awaitStandstill("what the server has sent", sent::get);
            assertThat(sent.get()).isLessThan(all * 3L / 4);
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isTrue();
            assertThat(text(answer).chars().filter(letter -> letter == 'x').count())
                    .isGreaterThanOrEqualTo(all * 100_000L);
            assertThat(text(answer)).contains(format.end());
        }
    }

    /// What is recorded of the last request.
    private static void awaitOutcome(TestGateway gateway, String outcome) {
        Eventually.await(
                "the request is recorded as " + outcome,
                () -> gateway.json("/internal/requests")
                        .at("/requests/0/outcome")
                        .asString("")
                        .equals(outcome));
    }
}
