package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OllamaDialectTest {

    private final Http http = new Http();
    private final SimulatedServer server = SimulatedServer.ollama("box-a")
            .model("llama3.2:latest", 2_000_000_000L)
            .model("mistral:7b")
            .tokens(4)
            .start();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void saysThatItIsRunning() throws Exception {
        HttpResponse<String> response = http.get(server, "/");

        assertThat(response.body()).isEqualTo("Ollama is running");
        assertThat(response.headers().firstValue("X-Testbed-Server")).hasValue("box-a");
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        HttpResponse<String> response = http.send(Http.request(server, "/").HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue("Ollama is running".length());
    }

    @Test
    void listsItsModelsAsTags() throws Exception {
        JsonNode models = Http.json(http.get(server, "/api/tags")).get("models");

        assertThat(models.valueStream().map(model -> model.get("name").asString()))
                .containsExactly("llama3.2:latest", "mistral:7b");
        assertThat(models.get(0).get("size").asLong()).isEqualTo(2_000_000_000L);
        assertThat(models.get(0).get("digest").asString()).hasSize(64);
        assertThat(models.get(0).get("details").get("family").asString()).isEqualTo("llama3.2");
    }

    @Test
    void showsAllModelsAsRunningWhenEverythingIsResident() throws Exception {
        assertThat(Http.json(http.get(server, "/api/ps")).get("models")).hasSize(2);
    }

    @Test
    void streamsAChatAsLinesUnlessToldOtherwise() throws Exception {
        HttpResponse<String> response = http.post(server, "/api/chat", chat("llama3.2:latest", "hello"));

        List<JsonNode> lines = lines(response);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(lines.stream().map(line -> line.get("message").get("content").asString()))
                .containsExactly("box-a says:", " w1", " w2", " w3", "");
        assertThat(lines.getLast().get("done").asBoolean()).isTrue();
        assertThat(lines.getLast().get("done_reason").asString()).isEqualTo("stop");
        assertThat(lines.getLast().get("eval_count").asInt()).isEqualTo(4);
        assertThat(lines.getLast().has("prompt_eval_duration")).isTrue();
    }

    @Test
    void answersAChatInOneObjectWhenStreamIsFalse() throws Exception {
        String body = """
                {"stream":false,"options":{"num_predict":2},"messages":[{"role":"user","content":"hi"}],"model":"llama3.2"}""";

        JsonNode answer = Http.json(http.post(server, "/api/chat", body));

        assertThat(answer.get("message").get("content").asString()).isEqualTo("box-a says: w1");
        assertThat(answer.get("done_reason").asString()).isEqualTo("length");
        assertThat(answer.get("model").asString()).isEqualTo("llama3.2:latest");
    }

    @Test
    void generatesFromAPrompt() throws Exception {
        HttpResponse<String> response =
                http.post(server, "/api/generate", "{\"model\":\"mistral:7b\",\"prompt\":\"hi\"}");

        assertThat(lines(response).stream().map(line -> line.get("response").asString()))
                .containsExactly("box-a says:", " w1", " w2", " w3", "");
    }

    @Test
    void loadsAModelWhenAskedWithoutAPrompt() throws Exception {
        JsonNode answer = Http.json(http.post(server, "/api/generate", "{\"model\":\"mistral:7b\"}"));

        assertThat(answer.get("done_reason").asString()).isEqualTo("load");
    }

    @Test
    void callsAToolThatTheRequestOffers() throws Exception {
        String body = """
                {"model":"llama3.2","messages":[{"role":"user","content":"tool:weather in Rome"}],
                 "tools":[{"type":"function","function":{"name":"weather","parameters":{}}}]}""";

        List<JsonNode> lines = lines(http.post(server, "/api/chat", body));

        JsonNode call = lines.getFirst().get("message").get("tool_calls").get(0).get("function");
        assertThat(call.get("name").asString()).isEqualTo("weather");
        assertThat(call.get("arguments").get("text").asString()).isEqualTo("in Rome");
        assertThat(lines).hasSize(2);
    }

    @Test
    void callsSeveralToolsInOneAnswer() throws Exception {
        String rest = """
                "messages":[{"role":"user","content":"tool:weather,time Rome"}],
                 "tools":[{"type":"function","function":{"name":"weather","parameters":{}}},
                          {"type":"function","function":{"name":"time","parameters":{}}}]}""";

        JsonNode whole = Http.json(http.post(server, "/api/chat", "{\"model\":\"llama3.2\",\"stream\":false," + rest));
        List<JsonNode> lines = lines(http.post(server, "/api/chat", "{\"model\":\"llama3.2\"," + rest));

        assertThat(whole.at("/message/tool_calls").findValuesAsString("name")).containsExactly("weather", "time");
        assertThat(lines.stream()
                        .map(line ->
                                line.at("/message/tool_calls/0/function/name").asString("")))
                .containsExactly("weather", "time", "");
    }

    @Test
    void embedsEachInput() throws Exception {
        JsonNode many = Http.json(http.post(server, "/api/embed", "{\"model\":\"llama3.2\",\"input\":[\"a\",\"b\"]}"));
        JsonNode one = Http.json(http.post(server, "/api/embeddings", "{\"model\":\"llama3.2\",\"prompt\":\"a\"}"));

        assertThat(many.get("embeddings")).hasSize(2);
        assertThat(one.get("embedding")).isEqualTo(many.get("embeddings").get(0));
    }

    @Test
    void answers404InItsOwnWordsForAnUnknownModel() throws Exception {
        HttpResponse<String> response = http.post(server, "/api/chat", chat("nope", "hello"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"error\":\"model 'nope' not found\"}");
    }

    @Test
    void answers400ForBadJson() throws Exception {
        HttpResponse<String> response = http.post(server, "/api/chat", "{\"model\":");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).get("error").asString()).startsWith("invalid JSON");
    }

    @Test
    void speaksOpenAiToo() throws Exception {
        JsonNode list = Http.json(http.get(server, "/v1/models"));
        HttpResponse<String> chat = http.post(server, "/v1/chat/completions", chat("llama3.2", "hello"));

        assertThat(list.get("data").get(0).get("owned_by").asString()).isEqualTo("library");
        assertThat(chat.body()).contains("box-a says: w1 w2 w3");
    }

    @Test
    void equalRequestsGetEqualAnswers() throws Exception {
        String first = http.post(server, "/v1/chat/completions", chat("llama3.2", "hello"))
                .body();

        assertThat(http.post(server, "/v1/chat/completions", chat("llama3.2", "hello"))
                        .body())
                .isEqualTo(first);
    }

    private static String chat(String model, String text) {
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(model, text);
    }

    private static List<JsonNode> lines(HttpResponse<String> response) {
        return response.body().lines().map(Json.MAPPER::readTree).toList();
    }
}
