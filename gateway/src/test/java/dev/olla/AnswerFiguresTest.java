package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What answers tell of their cost is seen in status, whatever format they have and whether they stream.
class AnswerFiguresTest {

    private final SimulatedServer server = SimulatedServer.ollama("box")
            .model("llama3.2:latest")
            .tokens(20)
            .coldLoad(Duration.ofMillis(600))
            .start();
    private final TestGateway gateway = TestGateway.before(server);

    @AfterEach
    void close() {
        gateway.close();
        server.close();
    }

    private JsonNode status() {
        return gateway.json("/internal/status").path("endpoints").path(0);
    }

    private void ask(String path, String rest) {
        String body = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]" + rest + "}";
        assertThat(gateway.post(path, body).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/olla/ollama/api/chat, ''",
        "/olla/ollama/api/chat, ',\"stream\":false'",
        "/olla/openai/v1/chat/completions, ''",
        "/olla/openai/v1/chat/completions, ',\"stream\":true,\"stream_options\":{\"include_usage\":true}'"
    })
    void tokensAreCountedInEveryForm(String path, String rest) {
        ask(path, rest);
        Eventually.await(
                "it is counted", () -> status().path("avg_completion_tokens").asLong() == 20);
        assertThat(status().path("avg_prompt_tokens").asLong()).isPositive();
    }

    @Test
    void answersWithoutUsageCountNothing() {
        ask("/olla/openai/v1/chat/completions", ",\"stream\":true");
        Eventually.await(
                "it is over",
                () -> status().path("requests").asLong() == 1
                        && status().path("connections").asLong() == 0);
        assertThat(status().has("avg_completion_tokens")).isFalse();
        assertThat(status().has("avg_tokens_per_second")).isFalse();
    }

    @Test
    void theTimeThatAModelTookToLoadIsKnownAfterwards() {
        assertThat(status().has("avg_load_ms")).isFalse();
        ask("/olla/ollama/api/chat", "");
        ask("/olla/ollama/api/chat", "");
        Eventually.await("it is counted", () -> status().path("avg_load_ms").asLong() >= 600);
        assertThat(status().path("avg_tokens_per_second").asDouble()).isPositive();
    }
}
