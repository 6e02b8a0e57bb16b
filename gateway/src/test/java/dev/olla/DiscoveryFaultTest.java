package dev.olla;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedModel;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Model lists that are long, wrong, cut short, endless or ever different: what is usable is used, and the rest
/// is told.
class DiscoveryFaultTest {

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// Answers a request for the model list.
    private interface Listing {
        void write(RawConnection connection) throws IOException;
    }

    private static RawServer server(Listing listing) {
        return RawServer.start(connection -> {
            while (true) {
                if (connection.readRequest().head().contains("/v1/models")) {
                    listing.write(connection);
                } else {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
            }
        });
    }

    private static TestGateway gateway(RawServer server) {
        return TestGateway.of("discovery:\n  model_discovery: {interval: 100ms, timeout: 3s, retry_attempts: 0}\n"
                + "  static:\n    endpoints:\n"
                + TestGateway.endpoint("box", "http://127.0.0.1:" + server.port(), "vllm"));
    }

    private static void whole(RawConnection connection, String json) throws IOException {
        connection.write(HEAD);
        connection.writeChunk(json);
        connection.write("0\r\n\r\n");
    }

    private static JsonNode endpoint(TestGateway gateway) {
        return gateway.json("/internal/status/endpoints").at("/endpoints/0");
    }

    private static String advice(TestGateway gateway) {
        return endpoint(gateway).at("/advice/0").asString("");
    }

    @Test
    void wrongEntriesAreLeftOutAndCounted() throws Exception {
        String list = """
                {"data":[7,null,{"id":5},{"id":"a/b c"},{"id":"größe ☃"},{"id":"a/b c"},{"id":"x","max_model_len":{}},
                 {"id":"long","text":"%s"}]}""".formatted("y".repeat(300_000));
        try (RawServer server = server(connection -> whole(connection, list));
                TestGateway gateway = gateway(server)) {
            assertThat(gateway.json("/olla/proxy/v1/models").path("data").findValuesAsString("id"))
                    .containsExactly("a/b c", "größe ☃", "x");
            assertThat(advice(gateway))
                    .isEqualTo("the model list at /v1/models is not whole:"
                            + " 4 entries left out: no usable name, of a wrong type or too long");
            assertThat(gateway.json("/olla/proxy/v1/models/a/b%20c").path("id").asString())
                    .isEqualTo("a/b c");
            assertThat(gateway.json("/olla/vllm/v1/models/gr%C3%B6%C3%9Fe%20%E2%98%83")
                            .path("id")
                            .asString())
                    .isEqualTo("größe ☃");
            assertThat(gateway.json("/olla/models/a%2Fb%20c").path("id").asString())
                    .isEqualTo("a/b c");
        }
    }

    @Test
    void tenMegabytesAreReadAndWhatIsPastTheLimitIsCounted() throws Exception {
        try (RawServer server = server(connection -> {
                    connection.write(HEAD);
                    connection.writeChunk("{\"data\":[");
                    for (int i = 0; i <= 20_000; i++) {
                        String padding = "p".repeat(480);
                        connection.writeChunk(
                                (i == 0 ? "" : ",") + "{\"id\":\"model-" + i + "\",\"pad\":\"" + padding + "\"}");
                    }
                    connection.writeChunk("]}");
                    connection.write("0\r\n\r\n");
                });
                TestGateway gateway = gateway(server)) {
            await(
                    "the list is read",
                    () -> endpoint(gateway).path("model_count").asInt() == 20_000);
            assertThat(advice(gateway))
                    .isEqualTo("the model list at /v1/models is not whole: 1 entry left out: a list may have 20000");
        }
    }

    @Test
    void aListThatIsTooLongIsRefusedAndTheModelsKnownStay() throws Exception {
        boolean[] endless = new boolean[1];
        try (RawServer server = server(connection -> {
                    if (!endless[0]) {
                        whole(connection, "{\"data\":[{\"id\":\"known\"}]}");
                        return;
                    }
                    connection.write(HEAD);
                    connection.writeChunk("{\"data\":[{\"id\":\"other\"}");
                    while (true) {
                        connection.writeChunk(",7" + " ".repeat(60_000));
                    }
                });
                TestGateway gateway = gateway(server)) {
            await(
                    "the list is read",
                    () -> endpoint(gateway).path("model_count").asInt() == 1);
            endless[0] = true;
            await("the list is refused", () -> advice(gateway).contains("longer than 16777216 bytes"));
            assertThat(gateway.get("/olla/vllm/v1/models").body())
                    .contains("known")
                    .doesNotContain("other");
        }
    }

    @Test
    void aListThatIsCutShortIsNotBelieved() throws Exception {
        try (RawServer server = server(connection -> {
                    connection.write(HEAD);
                    connection.writeChunk("{\"data\":[{\"id\":\"half\"},");
                    connection.close();
                });
                TestGateway gateway = gateway(server)) {
            await("the list is refused", () -> advice(gateway).startsWith("no connection"));
            assertThat(endpoint(gateway).path("model_count").asInt()).isZero();
            assertThat(endpoint(gateway).path("status").asString()).isEqualTo("healthy");
        }
    }

    @Test
    void aListThatFlapsIsFollowed() {
        try (SimulatedServer server = SimulatedServer.vllm("box").model("a").start();
                TestGateway gateway = TestGateway.of("discovery:\n  model_discovery: {interval: 50ms}\n"
                        + "  static:\n    endpoints:\n"
                        + TestGateway.endpoint("box", server.uri().toString(), "vllm"))) {
            for (int i = 0; i < 4; i++) {
                server.setModels(i % 2 == 0 ? List.of() : List.of(SimulatedModel.of("a")));
                int count = i % 2;
                await(
                        "the list is followed",
                        () -> gateway.json("/olla/models").path("data").size() == count);
            }
        }
    }

    @Test
    void modelsOfAnyNameAreRoutedTo() {
        List<String> names = List.of("a/b c", "größe ☃", "org/模型:7b", "x%2Fy", "quote\"s\\");
        var builder = SimulatedServer.vllm("box");
        names.forEach(builder::model);
        try (SimulatedServer server = builder.start();
                TestGateway gateway = TestGateway.before(server)) {
            for (String name : names) {
                String body = TestGateway.JSON.writeValueAsString(
                        Map.of("model", name, "messages", List.of(Map.of("role", "user", "content", "hi"))));
                var answer = gateway.post("/olla/proxy/v1/chat/completions", body);
                assertThat(answer.statusCode()).as(name + answer.body()).isEqualTo(200);
                assertThat(TestGateway.JSON
                                .readTree(server.lastTo("/v1/chat").bodyText())
                                .get("model")
                                .asString())
                        .isEqualTo(name);
            }
        }
    }

    @Test
    void adviceNamesTheLineToChange() {
        try (SimulatedServer server =
                        SimulatedServer.vllm("box").without("/v1/models").start();
                TestGateway gateway = TestGateway.before(server)) {
            await("advice is given", () -> advice(gateway).equals("404: nothing at /v1/models: set model_url or type"));
        }
    }
}
