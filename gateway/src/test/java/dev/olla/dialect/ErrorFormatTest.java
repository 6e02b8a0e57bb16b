package dev.olla.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ErrorFormatTest {

    private static final String AWKWARD = "no \"model\" \\ here\n\u0001 é";

    private static JsonNode json(byte[] body) {
        return JsonMapper.shared().readTree(body);
    }

    @ParameterizedTest
    @CsvSource({
        "/olla/anthropic/v1/messages, ANTHROPIC",
        "/olla/anthropic, ANTHROPIC",
        "/olla/anthropic-like/v1/messages, OPENAI",
        "/olla/ollama/api/chat, OLLAMA",
        "/olla/ollama/api/tags, OLLAMA",
        "/olla/ollama/api/blobs/sha256:12, OLLAMA",
        "/olla/proxy/api/generate, OLLAMA",
        "/olla/openai/api/pull, OLLAMA",
        "/olla/ollama/api, OPENAI",
        "/olla/ollama/api/chats, OPENAI",
        "/olla/ollama/v1/chat/completions, OPENAI",
        "/olla/lmstudio/api/v0/models, OPENAI",
        "/olla/lemonade/api/v1/chat/completions, OPENAI",
        "/olla/lemonade/api/v1/pull, OPENAI",
        "/olla/models, OPENAI",
        "/olla/models/api/tags, OPENAI",
        "/olla/proxy/v1/chat/completions, OPENAI",
        "/olla/, OPENAI",
        "/olla, PLAIN",
        "/internal/status, PLAIN",
        "/version, PLAIN",
        "/, PLAIN",
        "/v1/models, PLAIN"
    })
    void thePathTellsTheCallersFormat(String path, ErrorFormat format) {
        assertThat(ErrorFormat.forPath(path)).isEqualTo(format);
    }

    @Test
    void openAiNamesMessageTypeAndCode() {
        JsonNode body = json(ErrorFormat.OPENAI.render(404, "model_not_found", AWKWARD, "quick-fox-12ab"));

        assertThat(body.at("/error/message").asString()).isEqualTo(AWKWARD);
        assertThat(body.at("/error/type").asString()).isEqualTo("invalid_request_error");
        assertThat(body.at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(json(ErrorFormat.OPENAI.render(503, "starting", "x", null))
                        .at("/error/type")
                        .asString())
                .isEqualTo("server_error");
    }

    @Test
    void ollamaGivesJustTheText() {
        JsonNode body = json(ErrorFormat.OLLAMA.render(501, "not_supported", AWKWARD, null));

        assertThat(body.path("error").asString()).isEqualTo(AWKWARD);
        assertThat(body.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "402, billing_error",
        "403, permission_error",
        "404, not_found_error",
        "408, timeout_error",
        "409, invalid_request_error",
        "413, request_too_large",
        "422, invalid_request_error",
        "429, rate_limit_error",
        "500, api_error",
        "502, api_error",
        "503, api_error",
        "504, timeout_error",
        "529, overloaded_error"
    })
    void anthropicHasATypeForEachStatus(int status, String type) {
        assertThat(json(ErrorFormat.ANTHROPIC.render(status, "x", "y", "z"))
                        .at("/error/type")
                        .asString())
                .isEqualTo(type);
    }

    @Test
    void anthropicNamesTheRequest() {
        JsonNode body = json(ErrorFormat.ANTHROPIC.render(404, "model_not_found", AWKWARD, "quick-fox-12ab"));

        assertThat(body.path("type").asString()).isEqualTo("error");
        assertThat(body.at("/error/message").asString()).isEqualTo(AWKWARD);
        assertThat(body.path("request_id").asString()).isEqualTo("quick-fox-12ab");
    }

    @Test
    void plainTextEndsItsLine() {
        assertThat(new String(
                        ErrorFormat.PLAIN.render(404, "not_found", "404 page not found", null), StandardCharsets.UTF_8))
                .isEqualTo("404 page not found\n");
        assertThat(ErrorFormat.PLAIN.contentType()).isEqualTo("text/plain; charset=utf-8");
    }
}
