package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.EndpointStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnifiedModelPageTest {

    private final FakeFleet fleet = new FakeFleet();
    private final UnifiedModels models = new UnifiedModels(fleet);

    private FakeExchange ask(String path) {
        FakeExchange exchange = FakeExchange.get(path);
        new UnifiedModelPage(models, () -> FakeFleet.NOW).handle(exchange);
        return exchange;
    }

    @Test
    void showsOneModel() {
        DiscoveredModel.Details details = FakeFleet.details(null, "qwen3", "8.2B", "Q4_K_M");
        fleet.add("rack-a", FakeFleet.OLLAMA, 100, FakeFleet.model("qwen3:8b", "d1", 5_261_334_938L, details));

        assertThat(ask("/olla/models/QWEN3:8b").json()).isEqualTo(Json.MAPPER.readTree("""
                {"id":"qwen3:8b","family":"qwen3","variant":"","parameter_size":"8.2b","parameter_count":8200000000,
                 "quantization":"q4km","format":"gguf","total_disk_size":"4.90 GB","last_seen":"5m ago",
                 "aliases":["qwen3:8b"],"endpoints":["rack-a"],"loaded_endpoints":[],
                 "capabilities":["text-generation"]}
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Qwen/Qwen3-8B+x", "Qwen%2FQwen3-8B+x", "qwen%2fqwen3-8b%2Bx"})
    void idsMayHoldSlashesAndEscapes(String id) {
        fleet.add("rack-c", FakeFleet.VLLM, 100, FakeFleet.model("Qwen/Qwen3-8B+x"));

        assertThat(ask("/olla/models/" + id).json().path("id").asString()).isEqualTo("Qwen/Qwen3-8B+x");
    }

    @Test
    void downEndpointsAreShownToo() {
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("m", "d1"));
        fleet.set(fleet.add("b", FakeFleet.OLLAMA, 1, FakeFleet.model("n", "d1")), EndpointStatus.OFFLINE);
        fleet.set(fleet.add("c", FakeFleet.OLLAMA, 1, FakeFleet.model("lost")), EndpointStatus.OFFLINE);

        assertThat(ask("/olla/models/m").json().path("endpoints").size()).isEqualTo(2);
        assertThat(ask("/olla/models/lost").status()).isEqualTo(200);
    }

    @Test
    void anIdOfTheListMeansTheModelOfTheList() {
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("m", "aaaaaaaa1"));
        fleet.set(fleet.add("b", FakeFleet.OLLAMA, 9, FakeFleet.model("m", "bbbbbbbb1")), EndpointStatus.OFFLINE);

        UnifiedModels models = new UnifiedModels(fleet);
        assertThat(models.available().models()).extracting(UnifiedModel::id).containsExactly("m-aaaaaaaa");
        assertThat(ask("/olla/models/m-aaaaaaaa").json().at("/endpoints/0").asString())
                .isEqualTo("a");
    }

    @Test
    void loadedEndpointsAreNamed() {
        fleet.add("a", FakeFleet.LM_STUDIO, 1, FakeFleet.model("m", null, 0, FakeFleet.inState("Loaded")));

        assertThat(ask("/olla/models/m").json().at("/loaded_endpoints/0").asString())
                .isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/olla/models/nobody", "/olla/models/%zz"})
    void anUnknownModelIsNotFound(String path) {
        FakeExchange exchange = ask(path);

        assertThat(exchange.status()).isEqualTo(404);
        assertThat(exchange.json().at("/error/message").asString()).isEqualTo("Model not found");
        assertThat(exchange.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void anEmptyIdIsRefused() {
        assertThat(ask("/olla/models/").status()).isEqualTo(400);
        assertThat(ask("/olla/models/").json().at("/error/message").asString()).isEqualTo("Model ID or alias required");
    }
}
