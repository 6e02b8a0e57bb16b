package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiDialectTest {

    private final Http http = new Http();
    private final SimulatedServer server =
            SimulatedServer.vllm("rack-1").model("Qwen/Qwen3-8B").tokens(4).start();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void listsModelsWithTheirLongestContext() throws Exception {
        JsonNode model = Http.json(http.get(server, "/v1/models")).get("data").get(0);

        assertThat(model.get("id").asString()).isEqualTo("Qwen/Qwen3-8B");
        assertThat(model.get("owned_by").asString()).isEqualTo("vllm");
        assertThat(model.get("max_model_len").asInt()).isEqualTo(32_768);
    }

    @Test
    void findsOneModelBySlashOrEscape() throws Exception {
        assertThat(http.get(server, "/v1/models/Qwen/Qwen3-8B").statusCode()).isEqualTo(200);
        assertThat(http.get(server, "/v1/models/Qwen%2FQwen3-8B").statusCode()).isEqualTo(200);
        assertThat(http.get(server, "/v1/models/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void answersAChatWhole() throws Exception {
        JsonNode answer = Http.json(http.post(server, "/v1/chat/completions", chat("\"max_tokens\":2,")));

        JsonNode choice = answer.get("choices").get(0);
        assertThat(choice.get("message").get("content").asString()).isEqualTo("rack-1 says: w1");
        assertThat(choice.get("finish_reason").asString()).isEqualTo("length");
        assertThat(answer.get("usage").get("completion_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void streamsAChatAsEvents() throws Exception {
        HttpResponse<String> response = http.post(
                server, "/v1/chat/completions", chat("\"stream\":true,\"stream_options\":{\"include_usage\":true},"));

        List<JsonNode> events = events(response);
        String content = events.stream()
                .flatMap(event -> event.get("choices").valueStream())
                .map(choice -> choice.get("delta").path("content").asString(""))
                .collect(Collectors.joining());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        assertThat(content).isEqualTo("rack-1 says: w1 w2 w3");
        assertThat(events.getLast().get("choices")).isEmpty();
        assertThat(events.getLast().get("usage").get("completion_tokens").asInt())
                .isEqualTo(4);
    }

    @Test
    void streamsTheArgumentsOfAToolCallInPieces() throws Exception {
        String body = """
                {"model":"Qwen/Qwen3-8B","stream":true,
                 "messages":[{"role":"user","content":[{"type":"text","text":"tool:weather in \\"Rome\\""}]}],
                 "tools":[{"type":"function","function":{"name":"weather"}}]}""";

        List<JsonNode> events = events(http.post(server, "/v1/chat/completions", body));

        String arguments = events.stream()
                .map(event -> event.at("/choices/0/delta/tool_calls/0/function/arguments")
                        .asString(""))
                .collect(Collectors.joining());
        assertThat(events.getFirst()
                        .at("/choices/0/delta/tool_calls/0/function/name")
                        .asString())
                .isEqualTo("weather");
        assertThat(Json.MAPPER.readTree(arguments).get("text").asString()).isEqualTo("in \"Rome\"");
        assertThat(events.getLast().at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
        assertThat(events.size()).isGreaterThan(4);
    }

    @Test
    void completesAPrompt() throws Exception {
        JsonNode answer =
                Http.json(http.post(server, "/v1/completions", "{\"model\":\"Qwen/Qwen3-8B\",\"prompt\":\"a\"}"));
        HttpResponse<String> stream =
                http.post(server, "/v1/completions", "{\"model\":\"Qwen/Qwen3-8B\",\"prompt\":\"a\",\"stream\":true}");

        String streamed = events(stream).stream()
                .map(event -> event.at("/choices/0/text").asString())
                .collect(Collectors.joining());
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("rack-1 says: w1 w2 w3");
        assertThat(streamed).isEqualTo("rack-1 says: w1 w2 w3");
    }

    @Test
    void embedsEachInput() throws Exception {
        JsonNode answer =
                Http.json(http.post(server, "/v1/embeddings", "{\"model\":\"Qwen/Qwen3-8B\",\"input\":[\"a\",\"b\"]}"));

        assertThat(answer.get("data")).hasSize(2);
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/data/0/embedding")).hasSize(8);
    }

    @Test
    void answers404ForAnUnknownModelInItsEnvelope() throws Exception {
        HttpResponse<String> response = http.post(server, "/v1/chat/completions", "{\"model\":\"nope\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Http.json(response).at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(Http.json(response).at("/error/param").asString()).isEqualTo("model");
    }

    @Test
    void answers400ForBadJson() throws Exception {
        HttpResponse<String> response = http.post(server, "/v1/chat/completions", "[]");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void acceptsALongPrompt() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"model\":\"Qwen/Qwen3-8B\"}"
                .formatted("x".repeat(5_000_000));

        JsonNode answer = Http.json(http.post(server, "/v1/chat/completions", body));

        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(1_250_000);
        assertThat(server.recorded().getLast().body()).hasSize(body.length());
    }

    static List<JsonNode> events(HttpResponse<String> response) {
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> Json.MAPPER.readTree(line.substring("data: ".length())))
                .toList();
    }

    private static String chat(String options) {
        return "{" + options + "\"model\":\"Qwen/Qwen3-8B\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }
}
