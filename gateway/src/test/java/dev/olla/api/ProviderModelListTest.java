package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.EndpointStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ProviderModelListTest {

    private static final String TAG = """
            {"name":"m:1","model":"m:1","modified_at":"2031-01-01T00:00:00.123456789+11:00","size":12,"digest":"d1",
             "details":{"parent_model":"","format":"gguf","family":"x","families":["x","y"],"parameter_size":"8.0B",
             "quantization_level":"Q4_0"},"capabilities":["completion"],"newer":{"field":[1,2.5]}}""";

    private final FakeFleet fleet = new FakeFleet();

    private JsonNode tags() {
        FakeExchange exchange = FakeExchange.get("/olla/ollama/api/tags");
        new OllamaModelList(fleet, ModelScope.of(FakeFleet.OLLAMA)).handle(exchange);
        return exchange.json();
    }

    private JsonNode openAi(ModelScope scope) {
        FakeExchange exchange = FakeExchange.get("/olla/x/v1/models");
        new OpenAiModelList(fleet, scope).handle(exchange);
        return exchange.json();
    }

    private JsonNode lmStudio() {
        FakeExchange exchange = FakeExchange.get("/olla/lmstudio/api/v0/models");
        new LmStudioModelList(fleet, ModelScope.of(FakeFleet.LM_STUDIO)).handle(exchange);
        return exchange.json();
    }

    @Test
    void anOllamaEntryIsKeptAsSent() {
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.parsed(TAG, "m:1"));

        FakeExchange exchange = FakeExchange.get("/olla/ollama/api/tags");
        new OllamaModelList(fleet, ModelScope.of(FakeFleet.OLLAMA)).handle(exchange);

        assertThat(exchange.text()).isEqualTo("{\"models\":[" + TAG.replaceAll("\\s*\n\\s*", "") + "]}");
    }

    @Test
    void everyNameIsListedOnceFromItsPreferredServer() {
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.parsed("{\"name\":\"m\",\"size\":1}", "m"));
        fleet.add("b", FakeFleet.OLLAMA, 9, FakeFleet.parsed("{\"name\":\"m\",\"size\":2}", "m"));
        fleet.add("c", FakeFleet.OLLAMA, 9, FakeFleet.parsed("{\"name\":\"m\",\"size\":3}", "m"));
        fleet.add("d", FakeFleet.OLLAMA, 1, FakeFleet.model("A", "same"), FakeFleet.model("B", "same"));

        assertThat(tags().path("models").findValuesAsString("name")).containsExactly("A", "B", "m");
        assertThat(tags().at("/models/2/size").asInt()).isEqualTo(2);
    }

    @Test
    void onlyServersOfTheKindThatTakeRequestsAreListed() {
        fleet.set(fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("down")), EndpointStatus.OFFLINE);
        fleet.add("b", FakeFleet.VLLM, 1, FakeFleet.model("other"));

        assertThat(tags().toString()).isEqualTo("{\"models\":[]}");
        assertThat(openAi(ModelScope.of(FakeFleet.VLLM)).path("data").findValuesAsString("id"))
                .containsExactly("other");
    }

    @Test
    void theOpenAiScopeTakesEveryCompatibleKind() {
        fleet.add("a", FakeFleet.OLLAMA, 1, FakeFleet.model("z"));
        fleet.add("b", FakeFleet.VLLM, 1, FakeFleet.model("Y"));
        fleet.add("c", FakeFleet.CLOSED, 1, FakeFleet.model("hidden"));

        assertThat(openAi(ModelScope.openAiCompatible()).path("data").findValuesAsString("id"))
                .containsExactly("Y", "z");
    }

    @Test
    void anOpenAiEntryIsAsOldAsItsModel() {
        DiscoveredModel dated =
                new DiscoveredModel("dated", 0, null, Instant.ofEpochSecond(1234), DiscoveredModel.Details.NONE, null);
        fleet.add("a", FakeFleet.VLLM, 1, dated, FakeFleet.model("undated"));

        assertThat(openAi(ModelScope.of(FakeFleet.VLLM)))
                .isEqualTo(Json.MAPPER.readTree("""
                {"object":"list","data":[
                 {"id":"dated","object":"model","created":1234,"owned_by":"olla"},
                 {"id":"undated","object":"model","created":%d,"owned_by":"olla"}]}
                """.formatted(FakeFleet.LISTED.getEpochSecond())));
    }

    @Test
    void anLmStudioEntryIsKeptAndCompleted() {
        DiscoveredModel.Details details = new DiscoveredModel.Details(
                null, "qwen2vl", List.of(), null, null, "Q4_K_M", "acme", null, null, null, null, 32_768);
        DiscoveredModel bare = new DiscoveredModel("b", 0, null, null, details, null);
        String whole = "{\"id\":\"a\",\"object\":\"model\",\"type\":\"vlm\",\"state\":\"loaded\",\"newer\":1}";
        fleet.add("lm", FakeFleet.LM_STUDIO, 1, bare, FakeFleet.parsed(whole, "a"));

        assertThat(lmStudio()).isEqualTo(Json.MAPPER.readTree("""
                {"object":"list","data":[
                 {"id":"a","object":"model","type":"vlm","state":"loaded","newer":1},
                 {"id":"b","object":"model","type":"llm","state":"unknown","publisher":"acme","arch":"qwen2vl",
                  "quantization":"Q4_K_M","max_context_length":32768}]}
                """));
    }

    @Test
    void managementCallsAreRefusedInOllamasWords() {
        FakeExchange exchange = FakeExchange.get("/olla/ollama/api/pull");
        new NotSupported("model management operations not supported by proxy").handle(exchange);

        assertThat(exchange.status()).isEqualTo(501);
        assertThat(exchange.json().toString())
                .isEqualTo("{\"error\":\"model management operations not supported by proxy\"}");
    }
}
