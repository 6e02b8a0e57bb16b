package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What Claude Code 2.1 sends, to servers that don't speak its format.
class ClaudeCodeTest {

    private static final String ROUTE = "/olla/anthropic/v1/messages?beta=true";

    private static final String ASKED = """
            {"model": "MODEL",
             "messages": [
               {"role": "user", "content": [
                 {"type": "text", "text": "<system-reminder>today</system-reminder>"},
                 {"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]},
               {"role": "system", "content": "Available agents: none"}],
             "system": [
               {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1"},
               {"type": "text", "text": "You are Claude Code.", "cache_control": {"type": "ephemeral"}}],
             "tools": [
               {"name": "Bash", "description": "Runs", "input_schema": {
                 "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                 "properties": {"command": {"type": "string"}}, "required": ["command"],
                 "additionalProperties": false}}],
             "metadata": {"user_id": "{\\"device_id\\":\\"1\\",\\"session_id\\":\\"2\\"}"},
             "max_tokens": 40,
             "thinking": {"type": "adaptive"},
             "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
             "output_config": {"effort": "high"},
             "stream": true}
            """;

    private final SimulatedServer ollama = SimulatedServer.ollama("old")
            .version("0.13.5")
            .model("plain:1b")
            .model("qwen3:8b")
            .start();
    private final SimulatedServer chat =
            SimulatedServer.openai("chat").model("some/model").start();
    private final TestGateway gateway = TestGateway.before(ollama, chat);

    @AfterEach
    void close() {
        gateway.close();
        ollama.close();
        chat.close();
    }

    /// Some servers refuse to have a model think that can't; what they say of it decides.
    @ParameterizedTest
    @CsvSource({"plain:1b, ''", "qwen3:8b, high", "some/model, high"})
    void modelsThatCannotThinkAreNotToldTo(String model, String effort) {
        HttpResponse<String> answer = gateway.post(
                ROUTE,
                ASKED.replace("MODEL", model),
                "anthropic-version",
                "2023-06-01",
                "anthropic-beta",
                "claude-code-20250219,interleaved-thinking-2025-05-14",
                "Authorization",
                "Bearer x");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Mode")).hasValue("translation");
        assertThat(answer.body()).contains("event: message_start").contains("event: message_stop");
        SimulatedServer asked = model.contains("/") ? chat : ollama;
        JsonNode sent =
                TestGateway.JSON.readTree(asked.lastTo("/v1/chat/completions").bodyText());
        assertThat(sent.path("reasoning_effort").asString("")).isEqualTo(effort);
        assertThat(sent.has("think")).isFalse();
        assertThat(sent.at("/tools/0/function/name").asString()).isEqualTo("Bash");
        assertThat(asked.lastTo("/v1/chat/completions").header("anthropic-beta"))
                .isNull();
        assertThat(asked.lastTo("/v1/chat/completions").path()).isEqualTo("/v1/chat/completions");
    }

    /// It looks at the address that it was given when it starts, and goes on whatever it hears.
    @Test
    void theAddressItselfHoldsNothing() {
        HttpResponse<String> answer = gateway.send(HttpRequest.newBuilder(gateway.uri("/olla/anthropic"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
    }
}
