package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What users write into files in `config/profiles` is what the running gateway does.
class ProfileEffectsTest {

    private static final Duration TOO_LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private void profile(String file, String yaml) throws IOException {
        Path path = folder.resolve("config/profiles").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, yaml);
    }

    private static String chat(String model) {
        return "{\"model\":\"" + model + "\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static void awaitModel(TestGateway gateway, String model) {
        Eventually.await(
                model + " is listed", () -> gateway.get("/olla/models").body().contains("\"" + model + "\""));
    }

    @Test
    void theTimeoutOfAKindLimitsTheWaitForTheFirstByteAndIsNamed() throws IOException {
        profile("ollama-custom.yaml", "name: ollama\ncharacteristics: {timeout: 300ms}\n");
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .timeToFirstToken(TOO_LONG)
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "qwen3:8b");
            HttpResponse<String> answer = gateway.post("/olla/ollama/v1/chat/completions", chat("qwen3:8b"));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body())
                    .contains("profiles.ollama.characteristics.timeout exceeded at endpoint box")
                    .doesNotContain("proxy.");
        }
    }

    @Test
    void anotherKindKeepsTheLimitOfTheConfiguration() throws IOException {
        profile("ollama-custom.yaml", "name: ollama\ncharacteristics: {timeout: 10m}\n");
        try (SimulatedServer slow = SimulatedServer.vllm("slow")
                        .model("other")
                        .timeToFirstToken(TOO_LONG)
                        .start();
                SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .timeToFirstToken(Duration.ofMillis(600))
                        .start();
                TestGateway gateway = TestGateway.in(
                        folder, "proxy: {response_header_timeout: 300ms}\n" + TestGateway.endpoints(slow, server))) {
            awaitModel(gateway, "qwen3:8b");
            awaitModel(gateway, "other");
            assertThat(gateway.post("/olla/proxy/v1/chat/completions", chat("qwen3:8b"))
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> answer = gateway.post("/olla/proxy/v1/chat/completions", chat("other"));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.response_header_timeout exceeded at endpoint slow");
        }
    }

    @Test
    void aModelThatIsToBeLoadedHasItsLoadingTimeOnTop() throws IOException {
        profile("ollama-custom.yaml", "name: ollama\ncharacteristics: {timeout: 300ms}\n");
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .coldLoad(Duration.ofMillis(900))
                        .tokens(1)
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "qwen3:8b");
            awaitUnloaded(gateway, "qwen3:8b");
            assertThat(gateway.post("/olla/ollama/v1/chat/completions", chat("qwen3:8b"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theLoadingTimeCountsOnlyWhereTheProfileSaysSo() throws IOException {
        profile("ollama-custom.yaml", """
                name: ollama
                characteristics: {timeout: 300ms}
                resources: {timeout_scaling: {load_time_buffer: false}}
                """);
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .coldLoad(TOO_LONG)
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "qwen3:8b");
            awaitUnloaded(gateway, "qwen3:8b");
            assertThat(gateway.post("/olla/ollama/v1/chat/completions", chat("qwen3:8b"))
                            .statusCode())
                    .isEqualTo(504);
        }
    }

    /// The example of the contract's users: a file beside the built-in profile changes only what it says.
    @Test
    void aPartialFileAddsARouteAndPatternsAndLeavesTheRest() throws IOException {
        profile("ollama-custom.yaml", """
                name: ollama
                version: "1.0"
                routing: {prefixes: [ollama, ai]}
                characteristics: {timeout: 10m}
                models:
                  capability_patterns: {vision: ["*eye*"], code: ["*dev*"]}
                  context_patterns: [{pattern: "*big*", context: 131072}]
                """);
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("sharp-eye:7b")
                        .model("big-dev:7b")
                        .without("/api/show")
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "sharp-eye:7b");
            assertThat(gateway.get("/olla/ai/api/tags").body()).contains("sharp-eye:7b", "big-dev:7b");
            assertThat(gateway.post("/olla/ai/api/chat", chat("big-dev:7b")).statusCode())
                    .isEqualTo(200);
            assertThat(gateway.post("/olla/ai/api/pull", "{\"model\":\"x\"}").statusCode())
                    .isEqualTo(501);
            assertThat(server.requests("/v1/models")).isZero();
            JsonNode list = gateway.json("/olla/models").path("data");
            assertThat(list.findValuesAsString("id")).containsExactly("big-dev:7b", "sharp-eye:7b");
            JsonNode dev = list.path(0).path("olla");
            assertThat(dev.path("capabilities").toString()).contains("\"code-generation\"", "\"long-context\"");
            assertThat(dev.path("max_context_length").asInt()).isEqualTo(131072);
            assertThat(list.path(1).at("/olla/capabilities").toString()).contains("\"vision\"");
            assertThat(gateway.json("/olla/models?type=vlm").path("data").findValuesAsString("id"))
                    .containsExactly("sharp-eye:7b");
        }
    }

    /// Both hold the model and are alike otherwise; only one kind says that it can see.
    @Test
    void thePatternsOfAKindTellWhichServerIsAskedFirst() throws IOException {
        profile("seeing.yaml", """
                name: vllm
                models: {capability_patterns: {vision: ["plain*"]}}
                """);
        try (SimulatedServer blind =
                        SimulatedServer.openai("blind").model("plain").start();
                SimulatedServer seeing =
                        SimulatedServer.vllm("seeing").model("plain").start();
                TestGateway gateway = TestGateway.in(
                        folder, "proxy: {load_balancer: round-robin}\n" + TestGateway.endpoints(blind, seeing))) {
            Eventually.await(
                    "both are up",
                    () -> gateway.json("/olla/models")
                                    .at("/data/0/olla/availability")
                                    .size()
                            == 2);
            String image = "{\"model\":\"plain\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":["
                    + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]}";
            for (int i = 0; i < 4; i++) {
                assertThat(gateway.post("/olla/proxy/v1/chat/completions", image)
                                .headers()
                                .firstValue("X-Olla-Endpoint"))
                        .contains("seeing");
            }
        }
    }

    @Test
    void aKindOfTheUsersOwnIsDiscoveredListedAndRoutedTo() throws IOException {
        profile("sub/mine.yml", """
                name: my-server
                routing: {prefixes: [mine]}
                api:
                  openai_compatible: true
                  paths: [/v1/models, /v1/chat/completions]
                  health_check_path: /health
                """);
        try (SimulatedServer server = SimulatedServer.vllm("box").model("m").start();
                TestGateway gateway = TestGateway.in(
                        folder,
                        "discovery:\n  static:\n    endpoints:\n"
                                + TestGateway.endpoint("box", server.uri().toString(), "my-server"))) {
            awaitModel(gateway, "m");
            assertThat(gateway.get("/olla/mine/v1/models").body()).contains("\"m\"");
            assertThat(gateway.post("/olla/mine/v1/chat/completions", chat("m")).statusCode())
                    .isEqualTo(200);
            assertThat(server.requests("/health")).isPositive();
        }
    }

    @Test
    void aNewFileOpensARouteAndAnotherGivesModelsTheirNamesWithoutARestart() throws IOException {
        try (SimulatedServer server =
                        SimulatedServer.ollama("box").model("zebra-7:1b").start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "zebra-7:1b");
            assertThat(gateway.get("/olla/ai/api/tags").statusCode()).isEqualTo(404);
            profile("ollama-custom.yaml", "name: ollama\nrouting: {prefixes: [ollama, ai]}\n");
            Files.writeString(
                    folder.resolve("models.yaml"),
                    "capabilities: {name_patterns: [{pattern: zebra, capabilities: [stripes]}]}");
            assertThat(gateway.reload(TestGateway.endpoints(server)).changed())
                    .containsExactlyInAnyOrder("profiles.ollama", "models.yaml");
            assertThat(gateway.get("/olla/ai/api/tags").body()).contains("zebra-7:1b");
            assertThat(gateway.post("/olla/ai/api/delete", "{\"model\":\"x\"}").statusCode())
                    .isEqualTo(501);
            assertThat(gateway.json("/olla/models/zebra-7:1b")
                            .path("capabilities")
                            .toString())
                    .contains("\"stripes\"");
        }
    }

    @Test
    void aProfileThatIsBrokenLaterChangesNothing() throws IOException {
        profile("vllm.yaml", "{name: vllm, routing: {prefixes: [vllm, special]}}");
        try (SimulatedServer server = SimulatedServer.vllm("box").model("m").start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            assertThat(gateway.get("/olla/special/v1/models").statusCode()).isEqualTo(200);
            profile("vllm.yaml", "{name: vllm, routing: [}");
            var reload = gateway.reload(TestGateway.endpoints(server));
            assertThat(reload.applied()).isFalse();
            assertThat(reload.errors()).singleElement().asString().contains("config/profiles/vllm.yaml:1");
            assertThat(gateway.get("/olla/special/v1/models").statusCode()).isEqualTo(200);
            assertThat(gateway.json("/internal/status")
                            .at("/config/last_reload/errors/0")
                            .asString())
                    .contains("config/profiles/vllm.yaml");
        }
    }

    /// The server tells the moment of its answer as `created`, which no shape takes for a figure.
    @Test
    void theExtractionOfAKindAddsWhatTheShapeLeavesOpen() throws IOException {
        profile("vllm.yaml", """
                name: vllm
                metrics:
                  extraction:
                    paths: {made: "$.created", index: "$.choices[0].index"}
                    calculations: {model_load_ms: "index == 0 && made > 0 ? 1234 : 0"}
                """);
        try (SimulatedServer server = SimulatedServer.vllm("box").model("m").start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "m");
            gateway.post("/olla/vllm/v1/chat/completions", chat("m"));
            Eventually.await(
                    "the figure is counted",
                    () -> status(gateway, "box").path("avg_load_ms").asLong() == 1234);
        }
    }

    @Test
    void answersOfAKindAreNotReadWhereItsExtractionIsOff() throws IOException {
        profile("vllm.yaml", "name: vllm\nmetrics: {extraction: {enabled: false}}\n");
        try (SimulatedServer unread = SimulatedServer.vllm("unread").model("m").start();
                SimulatedServer read =
                        SimulatedServer.openai("read").model("other").start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(unread, read))) {
            awaitModel(gateway, "m");
            awaitModel(gateway, "other");
            gateway.post("/olla/proxy/v1/chat/completions", chat("m"));
            gateway.post("/olla/proxy/v1/chat/completions", chat("other"));
            Eventually.await("the other is read", () -> status(gateway, "read").has("avg_completion_tokens"));
            assertThat(status(gateway, "unread").path("requests").asLong()).isEqualTo(1);
            assertThat(status(gateway, "unread").has("avg_completion_tokens")).isFalse();
        }
    }

    private static JsonNode status(TestGateway gateway, String endpoint) {
        for (JsonNode item : gateway.json("/internal/status").path("endpoints")) {
            if (item.path("name").asString().equals(endpoint)) {
                return item;
            }
        }
        throw new AssertionError(endpoint + " is not shown");
    }

    private static void awaitUnloaded(TestGateway gateway, String model) {
        Eventually.await(
                "the server said what is in its memory",
                () -> !gateway.gateway()
                        .fleet()
                        .snapshot()
                        .endpoints()
                        .getFirst()
                        .endpoint()
                        .residency()
                        .loaded(model));
    }
}
