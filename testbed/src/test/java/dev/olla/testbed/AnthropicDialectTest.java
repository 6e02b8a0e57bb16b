package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AnthropicDialectTest {

    private final Http http = new Http();
    private final SimulatedServer server =
            SimulatedServer.anthropic("cloud").model("claude-x").tokens(3).start();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void answersAMessageWhole() throws Exception {
        JsonNode answer = Http.json(http.post(server, "/v1/messages", message("", "hi")));

        assertThat(answer.at("/content/0/text").asString()).isEqualTo("cloud says: w1 w2");
        assertThat(answer.get("stop_reason").asString()).isEqualTo("end_turn");
        assertThat(answer.at("/usage/output_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void streamsTheEventsOfAMessageInOrder() throws Exception {
        List<JsonNode> events =
                OpenAiDialectTest.events(http.post(server, "/v1/messages", message("\"stream\":true,", "hi")));

        assertThat(events.stream().map(event -> event.get("type").asString()))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(texts(events, "/delta/text")).isEqualTo("cloud says: w1 w2");
    }

    @Test
    void streamsAToolCall() throws Exception {
        String options = "\"stream\":true,\"tools\":[{\"name\":\"weather\",\"input_schema\":{}}],";

        List<JsonNode> events =
                OpenAiDialectTest.events(http.post(server, "/v1/messages", message(options, "tool:weather in Rome")));

        assertThat(events.get(1).at("/content_block/name").asString()).isEqualTo("weather");
        assertThat(Json.MAPPER
                        .readTree(texts(events, "/delta/partial_json"))
                        .get("text")
                        .asString())
                .isEqualTo("in Rome");
        assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asString())
                .isEqualTo("tool_use");
    }

    @Test
    void callsSeveralToolsInOneAnswer() throws Exception {
        String options =
                "\"tools\":[{\"name\":\"weather\",\"input_schema\":{}},{\"name\":\"time\",\"input_schema\":{}}],";
        String text = "tool:weather,time Rome";

        JsonNode whole = Http.json(http.post(server, "/v1/messages", message(options, text)));
        List<JsonNode> events = OpenAiDialectTest.events(
                http.post(server, "/v1/messages", message("\"stream\":true," + options, text)));

        assertThat(whole.at("/content").findValuesAsString("name")).containsExactly("weather", "time");
        assertThat(whole.at("/content/0/id")).isNotEqualTo(whole.at("/content/1/id"));
        assertThat(events.stream().map(event -> event.at("/content_block/name").asString("")))
                .containsSubsequence("weather", "time");
    }

    @Test
    void countsTokens() throws Exception {
        JsonNode answer = Http.json(http.post(server, "/v1/messages/count_tokens", message("", "12345678")));

        assertThat(answer.get("input_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void answers404InItsEnvelope() throws Exception {
        HttpResponse<String> response = http.post(server, "/v1/messages", "{\"model\":\"nope\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Http.json(response).at("/error/type").asString()).isEqualTo("not_found_error");
    }

    private static String texts(List<JsonNode> events, String pointer) {
        return events.stream().map(event -> event.at(pointer).asString("")).collect(Collectors.joining());
    }

    private static String message(String options, String text) {
        return "{%s\"model\":\"claude-x\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(options, text);
    }
}
