package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.WorkedExample;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What goes over the wire where formats meet.
class TranslatedRequestTest {

    @TempDir
    private Path folder;

    /// One question about the weather, all the way there and back.
    @Test
    void theWorkedExample() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (WireBackend backend = WireBackend.start(OneFormat.MODEL, (connection, head) -> {
                    asked.add(head);
                    asked.add(new String(connection.read(WireBackend.bodyLength(head)), StandardCharsets.UTF_8));
                    connection.write(WireBackend.EVENTS);
                    for (String chunk : WorkedExample.CHUNKS) {
                        connection.writeChunk("data: " + chunk + "\n\n");
                    }
                    connection.writeChunk("");
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", "/olla/anthropic/v1/messages?beta=true", """
                            Content-Type: application/json\r
                            Accept-Encoding: gzip\r
                            Authorization: Bearer secret\r
                            anthropic-version: 2023-06-01\r
                            anthropic-beta: tools-2024\r
                            """, WorkedExample.REQUEST);
            RawResponse response = client.readResponse();

            assertThat(response.complete()).isTrue();
            assertThat(response.head())
                    .contains("Content-Type: text/event-stream\r\n", "Cache-Control: no-cache\r\n")
                    .contains("X-Olla-Mode: translation\r\n");
            assertThat(String.join("", response.chunks()).replaceFirst("msg_01\\w+", "msg_01"))
                    .isEqualTo(WorkedExample.EVENTS);
            assertThat(asked.getFirst())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .contains("Accept-Encoding: identity\r\n", "Content-Type: application/json\r\n", "Content-Length: ")
                    .doesNotContainIgnoringCase("anthropic-")
                    .doesNotContain("secret", "gzip", "beta=true");
            assertThat(asked.getLast()).isEqualTo(WorkedExample.ASKED);
        }
    }

    /// Too large to be read on an event loop.
    @ParameterizedTest
    @MethodSource("dev.olla.TranslatedRefusalTest#directions")
    void aLargeRequestIsPutToTheServerWhole(ClientFormat client, OneFormat format) {
        String long1 = "x".repeat(500_000) + "\u00e9\ud83d\ude00";
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server))) {
            HttpResponse<String> answer = gateway.post(
                    client.path(), client.body(OneFormat.MODEL, false).replace("\"Hi\"", '"' + long1 + '"'));

            assertThat(answer.statusCode()).isEqualTo(200);
            RecordedRequest asked = server.lastTo(format.path());
            assertThat(asked.bodyText()).contains(long1);
            assertThat(asked.header("Content-Length")).isEqualTo(Integer.toString(asked.body().length));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.olla.TranslatedRefusalTest#directions")
    void anAliasIsPutAsTheNameThatTheServerKnows(ClientFormat client, OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(
                        folder, "model_aliases: {gpt-4o: [\"qwen3:8b\"]}\n", format.endpoint(server))) {
            HttpResponse<String> answer = gateway.post(client.path(), client.body("gpt-4o", false));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Olla-Model")).contains("gpt-4o");
            assertThat(TestGateway.JSON
                            .readTree(server.lastTo(format.path()).body())
                            .path("model")
                            .asString())
                    .isEqualTo(OneFormat.MODEL);
        }
    }

    @Test
    void nothingIsTranslatedWhereThatIsSwitchedOff() {
        try (SimulatedServer server = OneFormat.CHAT.server("box").start();
                TestGateway gateway =
                        OneFormat.gateway(folder, "proxy: {translate: false}\n", OneFormat.CHAT.endpoint(server))) {
            HttpResponse<String> answer =
                    gateway.post(ClientFormat.OLLAMA.path(), ClientFormat.OLLAMA.body(OneFormat.MODEL, false));

            assertThat(answer.statusCode()).isIn(404, 503);
            assertThat(server.requests("/v1/chat/completions")).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.olla.TranslatedRefusalTest#directions")
    void theRecordNamesBothFormats(ClientFormat client, OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server))) {
            gateway.post(client.path(), client.body(OneFormat.MODEL, true));

            Eventually.await(
                    "it is recorded",
                    () -> gateway.json("/internal/requests").at("/requests/0").has("outcome"));
            JsonNode record = gateway.json("/internal/requests").at("/requests/0");
            assertThat(record.path("outcome").asString()).isEqualTo("success");
            assertThat(record.at("/tokens/output").asInt()).isEqualTo(4);
            assertThat(record.path("format").asString())
                    .isEqualTo(
                            switch (client) {
                                case MESSAGES -> "anthropic";
                                case CHAT -> "openai";
                                case RESPONSES -> "openai-responses";
                                case OLLAMA -> "ollama";
                            });
            assertThat(record.path("server_format").asString())
                    .isEqualTo(
                            switch (format) {
                                case CHAT -> "openai";
                                case OLLAMA -> "ollama";
                                case MESSAGES -> "anthropic";
                            });
        }
    }

    /// A server that sends elsewhere can't be asked.
    @Test
    void aRedirectOfTheServerIsNoFaultOfTheClients() {
        try (WireBackend backend = WireBackend.answering(
                        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
                TestGateway gateway = backend.gateway("")) {
            HttpResponse<String> answer = ClientFormat.MESSAGES.ask(gateway);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(ClientFormat.MESSAGES.message(answer)).contains("307");
        }
    }
}
