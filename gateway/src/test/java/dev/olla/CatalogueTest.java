package dev.olla;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.ServerKind;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The models of several servers as one catalogue: what is one model, what it is called, and where requests for
/// it go.
class CatalogueTest {

    private static String chat(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static String served(TestGateway gateway, String path, String model) {
        HttpResponse<String> answer = gateway.post(path + "/v1/chat/completions", chat(model));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("X-Olla-Endpoint").orElse("");
    }

    private static String lastChat(SimulatedServer server) {
        return server.recorded().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList()
                .getLast()
                .bodyText();
    }

    private static List<String> ids(JsonNode list) {
        return list.path("data").findValuesAsString("id");
    }

    private static String yaml(String unification, SimulatedServer... servers) {
        return "model_registry: {unification: {" + unification + "}}\n" + TestGateway.endpoints(servers);
    }

    @Test
    void aModelIsServedUnderTheNameThatOnlyAnotherServerUses() {
        try (SimulatedServer a = SimulatedServer.ollama("a")
                        .model("mine:1", 5, "d".repeat(64))
                        .start();
                SimulatedServer b = SimulatedServer.ollama("b")
                        .model("theirs:1", 5, "d".repeat(64))
                        .start();
                TestGateway gateway = TestGateway.watching(a, b)) {
            assertThat(ids(gateway.json("/olla/models"))).containsExactly("mine:1");
            assertThat(gateway.json("/olla/ollama/api/tags").path("models").findValuesAsString("name"))
                    .containsExactly("mine:1", "theirs:1");
            a.stop();
            await(
                    "only one is left",
                    () -> gateway.get("/internal/status/endpoints").body().contains("offline"));
            assertThat(served(gateway, "/olla/ollama", "mine:1")).isEqualTo("b");
            assertThat(lastChat(b)).contains("theirs:1");
            assertThat(ids(gateway.json("/olla/models"))).containsExactly("mine:1");
        }
    }

    @Test
    void theSecondModelOfANameCanBeRequestedByItsDigest() {
        try (SimulatedServer a = SimulatedServer.ollama("a")
                        .model("m:1", 5, "a".repeat(64))
                        .start();
                SimulatedServer b = SimulatedServer.ollama("b")
                        .model("m:1", 5, "b".repeat(64))
                        .start();
                TestGateway gateway = TestGateway.before(a, b)) {
            assertThat(ids(gateway.json("/olla/models"))).containsExactly("m:1", "m:1-bbbbbbbb");
            assertThat(served(gateway, "/olla/proxy", "m:1-bbbbbbbb")).isEqualTo("b");
            assertThat(lastChat(b)).contains("\"m:1\"");
            assertThat(served(gateway, "/olla/ollama", "M:1-AAAAAAAA")).isEqualTo("a");
            assertThat(gateway.json("/olla/models/m:1-bbbbbbbb")
                            .at("/endpoints/0")
                            .asString())
                    .isEqualTo("b");
        }
    }

    @Test
    void kindsThatAreKeptApartDoNotStandInForEachOther() {
        try (SimulatedServer ollama = SimulatedServer.ollama("o").model("m").start();
                SimulatedServer vllm = SimulatedServer.vllm("v").model("m").start();
                TestGateway gateway = TestGateway.watching(yaml("across_kinds: false", ollama, vllm))) {
            assertThat(ids(gateway.json("/olla/models"))).containsExactly("m", "m@vllm");
            for (int i = 0; i < 4; i++) {
                assertThat(served(gateway, "/olla/proxy", "m")).isEqualTo("o");
                assertThat(served(gateway, "/olla/proxy", "m@vllm")).isEqualTo("v");
                assertThat(served(gateway, "/olla/vllm", "m")).isEqualTo("v");
            }
            assertThat(ids(gateway.json("/olla/vllm/v1/models"))).containsExactly("m");
            ollama.stop();
            await(
                    "it is missed",
                    () -> gateway.get("/internal/status/endpoints").body().contains("offline"));
            assertThat(gateway.post("/olla/proxy/v1/chat/completions", chat("m"))
                            .statusCode())
                    .as("it is another model on the other kind")
                    .isEqualTo(503);
        }
    }

    @Test
    void withoutUnificationAServerAnswersToItsOwnNamesOnly() {
        try (SimulatedServer one =
                        SimulatedServer.ollama("one").model("m:a", 1000, "same").start();
                SimulatedServer other = SimulatedServer.ollama("other")
                        .model("m:b", 1000, "same")
                        .start();
                TestGateway unified = TestGateway.watching(yaml("enabled: true", one, other));
                TestGateway apart = TestGateway.watching(yaml("enabled: false", one, other))) {
            for (TestGateway gateway : List.of(unified, apart)) {
                await(
                        "both are listed",
                        () -> gateway.get("/olla/ollama/v1/models").body().contains("m:a")
                                && gateway.get("/olla/ollama/v1/models").body().contains("m:b"));
            }
            one.stop();
            await(
                    "it is missed",
                    () -> unified.get("/internal/status/endpoints").body().contains("offline")
                            && apart.get("/internal/status/endpoints").body().contains("offline"));
            assertThat(served(unified, "/olla/ollama", "m:a")).isEqualTo("other");
            assertThat(apart.post("/olla/ollama/v1/chat/completions", chat("m:a"))
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void theModelsOfAServerThatStaysAwayAreForgotten() {
        try (SimulatedServer server = SimulatedServer.vllm("v").model("m").start();
                TestGateway gateway =
                        TestGateway.watching(yaml("stale_threshold: 1500ms, cleanup_interval: 100ms", server))) {
            assertThat(served(gateway, "/olla/vllm", "m")).isEqualTo("v");
            server.stop();
            await(
                    "its models are forgotten",
                    () -> gateway.json("/internal/status/models")
                                    .path("total_models")
                                    .asInt()
                            == 0);
            server.restart();
            await(
                    "they are known again",
                    () -> gateway.json("/olla/models").path("data").size() == 1);
        }
    }

    @Test
    void everyMomentOfAModelStaysWhatItWas() {
        try (SimulatedServer server =
                        SimulatedServer.of(ServerKind.LM_STUDIO, "l").model("m").start();
                TestGateway gateway = TestGateway.of(
                        "discovery:\n  model_discovery: {interval: 50ms}\n  static:\n" + "    endpoints:\n"
                                + TestGateway.endpoint("l", server.uri().toString(), "lm-studio"))) {
            long created = gateway.json("/olla/lmstudio/v1/models")
                    .at("/data/0/created")
                    .asLong();
            assertThat(created).isPositive();
            long asked = server.requests("/api/v0/models");
            await("it was asked again", () -> server.requests("/api/v0/models") > asked + 25);
            assertThat(gateway.json("/olla/lmstudio/v1/models")
                            .at("/data/0/created")
                            .asLong())
                    .isEqualTo(created);
        }
    }

    @Test
    void anOllamaIsAskedOnceForEachModel() {
        try (SimulatedServer a =
                        SimulatedServer.ollama("a").model("m:1").model("n:1").start();
                SimulatedServer b = SimulatedServer.ollama("b").model("m:1").start();
                TestGateway gateway = TestGateway.of("discovery:\n  model_discovery: {interval: 50ms}\n"
                        + TestGateway.endpoints(a, b).substring("discovery:\n".length()))) {
            assertThat(served(gateway, "/olla/ollama", "n:1")).isEqualTo("a");
            await("each is asked about", () -> a.requests("/api/show") + b.requests("/api/show") >= 2);
            long lists = a.requests("/api/tags");
            await("lists were read again", () -> a.requests("/api/tags") > lists + 5);
            // Both may ask about the one that they share, at the same moment.
            assertThat(a.requests("/api/show")).isBetween(1L, 2L);
            assertThat(b.requests("/api/show")).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aSleepingEngineIsRoutedAroundUntilItWakes() {
        try (SimulatedServer sleepy =
                        SimulatedServer.lmdeploy("sleepy").model("m").start();
                SimulatedServer other = SimulatedServer.vllm("other").model("m").start();
                TestGateway gateway = TestGateway.watching(sleepy, other)) {
            sleepy.asleep(true);
            await(
                    "its sleep is noticed",
                    () -> gateway.get("/internal/status/endpoints").body().contains("unhealthy"));
            for (int i = 0; i < 4; i++) {
                assertThat(served(gateway, "/olla/proxy", "m")).isEqualTo("other");
            }
            sleepy.asleep(false);
            await(
                    "it is back",
                    () -> !gateway.get("/internal/status/endpoints").body().contains("unhealthy"));
        }
    }

    @Test
    void ollamasClientsFindTheirListUnderTheOpenAiRoutesToo() {
        try (SimulatedServer ollama = SimulatedServer.ollama("o").model("m:1").start();
                SimulatedServer vllm = SimulatedServer.vllm("v").model("n").start();
                TestGateway gateway = TestGateway.before(ollama, vllm)) {
            for (String prefix : List.of("/olla/proxy", "/olla/openai", "/olla/ollama")) {
                assertThat(gateway.json(prefix + "/api/tags").path("models").findValuesAsString("name"))
                        .as(prefix)
                        .containsExactly("m:1");
            }
        }
    }

    @Test
    void aModelOfAListIsToldFromTheCatalogue() {
        try (SimulatedServer ollama =
                        SimulatedServer.ollama("o").model("m:latest").start();
                SimulatedServer omlx =
                        SimulatedServer.of(ServerKind.OMLX, "x").model("org/n").start();
                TestGateway gateway = TestGateway.before(ollama, omlx)) {
            assertThat(gateway.json("/olla/openai/v1/models/org/n").path("id").asString())
                    .isEqualTo("org/n");
            assertThat(gateway.json("/olla/ollama/v1/models/m").path("id").asString())
                    .isEqualTo("m:latest");
            HttpResponse<String> unknown = gateway.get("/olla/ollama/v1/models/org/n");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(TestGateway.JSON
                            .readTree(unknown.body())
                            .at("/error/code")
                            .asString())
                    .isEqualTo("model_not_found");
            assertThat(gateway.json("/olla/omlx/v1/models/status")
                            .path("model_count")
                            .asInt())
                    .as("a path of the server itself")
                    .isEqualTo(1);
            assertThat(ollama.requests("/v1/models/m") + omlx.requests("/v1/models/org/n"))
                    .isZero();
        }
    }
}
