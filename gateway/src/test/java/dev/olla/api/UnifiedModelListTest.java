package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.DiscoveredModel.Details;
import dev.olla.fleet.EndpointStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class UnifiedModelListTest {

    private static final Instant MADE = Instant.ofEpochSecond(1_927_857_906);

    private final FakeFleet fleet = new FakeFleet();
    private final UnifiedModels models = new UnifiedModels(fleet);

    private FakeExchange ask(String query) {
        FakeExchange exchange = FakeExchange.get("/olla/models" + query);
        new UnifiedModelList(models).handle(exchange);
        return exchange;
    }

    private List<String> ids(String query) {
        return texts(ask(query).json().path("data"), "id");
    }

    private static List<String> texts(JsonNode items, String field) {
        return items.valueStream().map(item -> item.path(field).asString()).toList();
    }

    private static DiscoveredModel gemma() {
        return new DiscoveredModel(
                "gemma3:4b",
                3_300_000_000L,
                "a2af6cc3eb7f",
                MADE,
                FakeFleet.details(null, "gemma3", "4.3B", "Q4_K_M"),
                null);
    }

    private static DiscoveredModel vision() {
        Details details = new Details(
                "vlm", "qwen2vl", List.of(), "gguf", null, "Q4_K_M", "acme", null, "not-loaded", null, null, 32_768);
        return new DiscoveredModel("qwen-vl-7b", 0, null, MADE, details, null);
    }

    private static DiscoveredModel hosted() {
        Details details =
                new Details(null, null, List.of(), null, null, null, null, "base", "loaded", null, null, 40_960);
        return new DiscoveredModel("Qwen/Qwen3-8B", 0, null, MADE, details, null);
    }

    private void mixedFleet() {
        fleet.add("rack-a", FakeFleet.OLLAMA, 100, gemma(), FakeFleet.model("nomic-embed-text:latest", "e1"));
        fleet.add("rack-b", FakeFleet.LM_STUDIO, 100, vision());
        fleet.add("rack-c", FakeFleet.VLLM, 100, hosted());
    }

    @Test
    void theUnifiedFormatTellsEverything() {
        fleet.add("rack-a", FakeFleet.OLLAMA, 100, gemma());

        assertThat(ask("").json()).isEqualTo(Json.MAPPER.readTree("""
                {"object":"list","data":[{"id":"gemma3:4b","object":"model","created":1927857906,"owned_by":"olla",
                 "olla":{"family":"gemma","variant":"3","parameter_size":"4.3b","quantization":"q4km",
                  "aliases":["gemma3:4b"],"availability":[{"endpoint":"rack-a","state":"available"}],
                  "capabilities":["text-generation"]}}]}
                """));
    }

    @Test
    void theOpenAiFormatIsTheSameWithoutOurOwnPart() {
        fleet.add("rack-a", FakeFleet.OLLAMA, 100, gemma());

        assertThat(ask("?format=openai").json()).isEqualTo(Json.MAPPER.readTree("""
                {"object":"list","data":[
                 {"id":"gemma3:4b","object":"model","created":1927857906,"owned_by":"olla"}]}
                """));
    }

    @Test
    void theOllamaFormatShowsOnlyWhatAnOllamaHolds() {
        mixedFleet();

        JsonNode list = ask("?format=ollama").json();

        assertThat(list.path("models").findValuesAsString("name"))
                .containsExactly("gemma3:4b", "nomic-embed-text:latest");
        assertThat(list.at("/models/0")).isEqualTo(Json.MAPPER.readTree("""
                {"name":"gemma3:4b","model":"gemma3:4b","modified_at":"2031-02-03T04:05:06Z","size":3300000000,
                 "digest":"a2af6cc3eb7f",
                 "details":{"parent_model":"","format":"gguf","family":"gemma3","families":[],
                  "parameter_size":"4.3b","quantization_level":"Q4_K_M"}}
                """));
    }

    @Test
    void theLmStudioFormatShowsOnlyWhatAnLmStudioHolds() {
        mixedFleet();

        assertThat(ask("?format=lmstudio").json()).isEqualTo(Json.MAPPER.readTree("""
                {"object":"list","data":[{"id":"qwen-vl-7b","object":"model","type":"vlm","state":"not-loaded",
                 "publisher":"acme","arch":"qwen2vl","quantization":"Q4_K_M","max_context_length":32768}]}
                """));
    }

    @Test
    void theVllmFormatHasPermissions() {
        fleet.add("rack-c", FakeFleet.VLLM, 100, hosted());

        assertThat(ask("?format=vllm").json()).isEqualTo(Json.MAPPER.readTree("""
                {"object":"list","data":[{"id":"Qwen/Qwen3-8B","object":"model","created":1927857906,"owned_by":"Qwen",
                 "root":"Qwen/Qwen3-8B","parent":"base","max_model_len":40960,"permission":[
                 {"id":"modelperm-olla-Qwen-Qwen3-8B","object":"model_permission","created":1927857906,
                  "allow_create_engine":false,"allow_sampling":true,"allow_logprobs":true,"allow_search_indices":false,
                  "allow_view":true,"allow_fine_tuning":false,"organization":"*","group":null,"is_blocking":false}]}]}
                """));
    }

    @ParameterizedTest
    @CsvSource({
        "lemonade, lemonade",
        "lmdeploy, lmdeploy",
        "sglang, sglang",
        "vllm-mlx, vllm-mlx",
        "llamacpp, llamacpp",
        "docker-model-runner, docker"
    })
    void theOtherFormatsShowEveryModel(String format, String owner) {
        mixedFleet();

        JsonNode list = ask("?format=" + format).json();

        assertThat(texts(list.path("data"), "id"))
                .containsExactly("Qwen/Qwen3-8B", "gemma3:4b", "nomic-embed-text:latest", "qwen-vl-7b");
        assertThat(texts(list.path("data"), "owned_by")).containsExactly("Qwen", owner, "nomic", "qwen");
        assertThat(list.has("models")).isEqualTo(format.equals("llamacpp"));
    }

    @Test
    void aFormatsOwnServersGiveTheName() {
        fleet.add("a", FakeFleet.OLLAMA, 100, FakeFleet.model("llama3", "d1"));
        fleet.add("b", FakeFleet.OLLAMA, 100, FakeFleet.model("llama3", "d1"));
        fleet.add("c", FakeFleet.VLLM, 100, FakeFleet.model("meta/llama-3", "d1"));

        assertThat(ids("?format=openai")).containsExactly("llama3");
        assertThat(ids("?format=vllm")).containsExactly("meta/llama-3");
    }

    @ParameterizedTest
    @CsvSource({
        "?type=embeddings, nomic-embed-text:latest",
        "?type=vlm, qwen-vl-7b",
        "?capability=multimodal, qwen-vl-7b",
        "?capability=vector_search&type=vlm, nomic-embed-text:latest",
        "?capability=unknown&type=vlm, qwen-vl-7b",
        "?endpoint=rack-c, Qwen/Qwen3-8B",
        "?family=gemma3, gemma3:4b",
        "?available=true, Qwen/Qwen3-8B",
        "?endpoint=rack-a&type=llm&available=false, gemma3:4b"
    })
    void filtersNarrowTheList(String query, String id) {
        mixedFleet();

        assertThat(ids(query)).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?endpoint=nowhere", "?family=Gemma3", "?type=model"})
    void aFilterThatNothingFitsGivesAnEmptyList(String query) {
        mixedFleet();

        assertThat(ask(query).text()).isEqualTo("{\"object\":\"list\",\"data\":[]}");
    }

    @Test
    void downEndpointsModelsNeedToBeAskedFor() {
        fleet.set(fleet.add("rack-a", FakeFleet.OLLAMA, 100, gemma()), EndpointStatus.UNHEALTHY);

        assertThat(ids("")).isEmpty();
        assertThat(ids("?include_unavailable=true")).containsExactly("gemma3:4b");
    }

    @Test
    void anUnknownFormatIsRefusedWithTheKnownOnes() {
        FakeExchange exchange = ask("?format=xml%22");

        assertThat(exchange.status()).isEqualTo(400);
        assertThat(exchange.json().at("/error/message").asString())
                .startsWith(
                        "invalid query parameter format=xml\": unsupported format. Supported formats: unified, openai");
        assertThat(exchange.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void availableIsTrueOrFalse() {
        FakeExchange exchange = ask("?available=yes");

        assertThat(exchange.status()).isEqualTo(400);
        assertThat(exchange.json().at("/error/message").asString())
                .isEqualTo("invalid value for 'available' parameter. Use 'true' or 'false'");
    }
}
