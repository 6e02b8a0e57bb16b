package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.DiscoveredModel.Details;
import dev.olla.fleet.EndpointStatus;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ModelsPageTest {

    private final FakeFleet fleet = new FakeFleet();
    private final ModelsPage page = new ModelsPage(fleet, new UnifiedModels(fleet), () -> FakeFleet.NOW);

    private JsonNode page(String query) {
        FakeExchange exchange = FakeExchange.get("/internal/status/models" + query);
        page.handle(exchange);
        return exchange.json();
    }

    @Test
    void showsModelsInTheAgreedShape() {
        Details details = FakeFleet.details(null, "qwen", "8.2B", "Q4_K_M");
        fleet.add("rack-a", FakeFleet.OLLAMA, 100, FakeFleet.model("qwen3:8b", "d1", 5_261_334_938L, details));

        assertThat(page("")).isEqualTo(Json.MAPPER.readTree("""
                {"timestamp":"2031-02-03T04:05:06Z","total_models":1,"total_families":1,"total_endpoints":1,
                 "models_by_family":{"qwen":["qwen3:8b"]},"recent_models":[
                 {"name":"qwen3:8b","family":"qwen","size":"4.90 GB","params":"8.2B","quant":"Q4_K_M",
                  "last_seen":"5m ago","last_seen_at":"2031-02-03T04:00:00Z","endpoints":["rack-a"],
                  "endpoint_ids":["id-rack-a"]}]}
                """));
    }

    @Test
    void groupsOnlyWithBothParameters() {
        fleet.add("b", FakeFleet.OLLAMA, 1, FakeFleet.model("zebra"), FakeFleet.model("qwen3:8b"));
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("qwen3:8b"), FakeFleet.model("llama3:8b"));
        fleet.add("empty", FakeFleet.OLLAMA, 1);

        assertThat(page("?detailed=true").has("model_groups")).isFalse();
        assertThat(page("?group=family&detailed=1").has("model_groups")).isFalse();
        JsonNode page = page("?group=family&detailed=true");
        assertThat(page.path("total_models").asInt()).isEqualTo(3);
        assertThat(page.path("total_endpoints").asInt()).isEqualTo(2);
        JsonNode groups = page.path("model_groups");
        assertThat(groups.findValuesAsString("family").stream().distinct()).containsExactly("llama", "qwen", "unknown");
        assertThat(groups.at("/1/model_count").asInt()).isEqualTo(1);
        assertThat(groups.at("/1/endpoints").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(groups.at("/1/models/0/endpoint_ids").toString()).isEqualTo("[\"id-a\",\"id-b\"]");
        assertThat(groups.at("/2/models/0").has("family")).isFalse();
    }

    @Test
    void theTypeAndTheSizeOfAModelTellItsCapabilities() {
        Details details =
                new Details("vlm", "qwen2vl", List.of(), null, null, "BF16", null, null, null, null, null, 131_072);
        fleet.add("a", FakeFleet.LM_STUDIO, 1, FakeFleet.model("v", null, 0, details));

        JsonNode model = page("").at("/recent_models/0");

        assertThat(model.path("capabilities").toString())
                .isEqualTo("[\"vision\",\"multimodal\",\"long_context\",\"high_precision\"]");
        assertThat(model.path("type").asString()).isEqualTo("vlm");
    }

    @Test
    void detailsComeFromTheFirstEndpointByUrlThatHasThem() {
        fleet.add("z", FakeFleet.OLLAMA, 9, FakeFleet.model("m", "d", 9, FakeFleet.details(null, "f", "9B", null)));
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("m", "d", 0, FakeFleet.details(null, null, "1B", null)));

        JsonNode model = page("").at("/recent_models/0");

        assertThat(model.path("params").asString()).isEqualTo("1B");
        assertThat(model.path("size").asString()).isEqualTo("9 B");
        assertThat(model.path("family").asString()).isEqualTo("f");
    }

    @Test
    void otherNamesOfTheSameModelAreAliases() {
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("m", "d"), FakeFleet.model("n", "d"));

        assertThat(page("").at("/recent_models/0/aliases").toString()).isEqualTo("[\"n\"]");
        assertThat(page("").at("/recent_models/1/aliases").toString()).isEqualTo("[\"m\"]");
    }

    @Test
    void atMostTenModelsAreRecentAndDownEndpointsCount() {
        DiscoveredModel[] models = IntStream.range(0, 12)
                .mapToObj(i -> FakeFleet.model("m" + (10 + i)))
                .toArray(DiscoveredModel[]::new);
        fleet.set(fleet.add("a", FakeFleet.OLLAMA, 1, models), EndpointStatus.OFFLINE);

        assertThat(page("").path("recent_models").size()).isEqualTo(10);
        assertThat(page("").at("/recent_models/0/name").asString()).isEqualTo("m10");
        assertThat(page("").at("/models_by_family/unknown").size()).isEqualTo(12);
    }
}
