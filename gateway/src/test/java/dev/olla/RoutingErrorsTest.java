package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Requests that no server gets: status, words and form of the answer.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutingErrorsTest {

    private final SimulatedServer ollama =
            SimulatedServer.ollama("box").model("llama3.2:latest").start();
    private final SimulatedServer down =
            SimulatedServer.vllm("down").model("only-there").start();
    private final TestGateway gateway = TestGateway.before(ollama, down);

    @BeforeAll
    void takeOneDown() {
        FaultStatus.await(gateway, "down", "healthy");
        gateway.get("/olla/models");
        Eventually.await(
                "its models are known",
                () -> gateway.get("/olla/vllm/v1/models").body().contains("only-there"));
        down.stop();
        FaultStatus.await(gateway, "down", "offline");
    }

    @AfterAll
    void close() {
        gateway.close();
        ollama.close();
        down.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // path | model | status | code | words | decision
                "/olla/proxy/v1/chat/completions  | nobody     | 404 | model_not_found   | model_not_found   | rejected",
                "/olla/openai/v1/chat/completions | nobody     | 404 | model_not_found   | model_not_found   | rejected",
                "/olla/ollama/v1/chat/completions | nobody     | 404 | model_not_found   | model_not_found   | rejected",
                "/olla/proxy/api/chat             | nobody     | 404 | -                 | model_not_found   | rejected",
                "/olla/ollama/api/chat            | nobody     | 404 | -                 | model_not_found   | rejected",
                "/olla/proxy/v1/chat/completions  | only-there | 503 | model_unavailable | model_unavailable | rejected",
                "/olla/vllm/v1/chat/completions   | only-there | 503 | model_unavailable | model_unavailable | rejected",
                "/olla/proxy/api/chat             | only-there | 503 | -                 | model_unavailable | rejected",
                "/olla/ollama/api/generate        | only-there | 503 | -                 | model_unavailable | rejected",
                "/olla/vllm/v1/chat/completions   | nobody     | 503 | no_endpoints      | No vllm endpoints available | -",
                "/olla/vllm/v1/chat/completions   | -          | 503 | no_endpoints      | No vllm endpoints available | -",
                "/olla/sglang/v1/chat/completions | -          | 404 | no_endpoints      | No sglang endpoints available | -",
                "/olla/sglang/v1/chat/completions | nobody     | 404 | no_endpoints      | No sglang endpoints available | -",
                "/olla/lm_studio/v1/completions   | -          | 404 | no_endpoints      | No lm-studio endpoints available | -",
            },
            nullValues = "-")
    void whatNoServerGetsIsExplained(
            String path,
            @Nullable String model,
            int status,
            @Nullable String code,
            String words,
            @Nullable String decision) {
        String body = model == null ? "{\"messages\":[]}" : "{\"model\":\"" + model + "\"}";
        HttpResponse<String> answer = gateway.post(path, body, "X-Request-ID", "mine");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertForm(answer, status, code, words);
        assertThat(answer.headers().firstValue("X-Olla-Routing-Decision").orElse(null))
                .isEqualTo(decision);
        if (decision != null) {
            assertThat(answer.headers().firstValue("X-Olla-Routing-Strategy")).hasValue("strict");
            assertThat(answer.headers().firstValue("X-Olla-Routing-Reason")).hasValue(words);
        }
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/olla/proxy/v1/chat/completions | not json        | invalid_json",
                "/olla/proxy/v1/chat/completions | [1]             | invalid_json",
                "/olla/openai/v1/completions     | \"text\"        | invalid_json",
                "/olla/openai/v1/embeddings      | {\"x\":         | invalid_json",
                "/olla/ollama/v1/chat/completions | {\"x\":tru}    | invalid_json",
                "/olla/ollama/api/chat           | not json        | -",
                "/olla/proxy/api/generate        | {               | -",
            },
            nullValues = "-")
    void aBodyThatIsNoJsonObjectIs400(String path, String body, @Nullable String code) {
        HttpResponse<String> answer = gateway.post(path, body, "X-Request-ID", "mine");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertForm(answer, 400, code, "the body");
    }

    @Test
    void elsewhereAnyBodyGoesOn() {
        HttpResponse<String> answer = gateway.post("/olla/ollama/some/path", "not json");
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("box");
    }

    @Test
    void whenNothingIsUpEveryRequestIs503() {
        SimulatedServer only = SimulatedServer.vllm("only").model("m").start();
        only.stop();
        try (TestGateway alone = TestGateway.before(only)) {
            for (String body : new String[] {"{}", "{\"model\":\"nobody\"}"}) {
                HttpResponse<String> answer =
                        alone.post("/olla/proxy/v1/chat/completions", body, "X-Request-ID", "mine");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertForm(answer, 503, "no_endpoints", "no healthy endpoints available");
            }
            assertForm(
                    alone.post("/olla/ollama/api/chat", "{}", "X-Request-ID", "mine"),
                    404,
                    null,
                    "No ollama endpoints available");
        } finally {
            only.close();
        }
    }

    /// @param code null where the form has none: on Ollama's paths
    private static void assertForm(HttpResponse<String> answer, int status, @Nullable String code, String words) {
        assertThat(answer.headers().firstValue("X-Olla-Request-ID")).hasValue("mine");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        JsonNode error = TestGateway.JSON.readTree(answer.body()).get("error");
        if (code == null) {
            assertThat(error.asString()).startsWith(words);
            return;
        }
        assertThat(error.get("message").asString()).startsWith(words);
        assertThat(error.get("code").asString()).isEqualTo(code);
        assertThat(error.get("type").asString()).isEqualTo(status >= 500 ? "server_error" : "invalid_request_error");
    }
}
