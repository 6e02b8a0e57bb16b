package dev.olla.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class BackendErrorTest {

    private static BackendError read(int status, String body) {
        return BackendError.read(status, Wire.utf8(body));
    }

    private static String message(BackendError error) {
        return Wire.tree(new String(error.render(ErrorFormat.ANTHROPIC, null), java.nio.charset.StandardCharsets.UTF_8))
                .at("/error/message")
                .asString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\"}} | m | t | c",
                "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":400}} | m | t | 400",
                "{\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"m\"}} | m | t |",
                "{\"error\":\"model 'x' not found\"} | model 'x' not found | |",
                "{\"object\":\"error\",\"message\":\"m\",\"type\":\"t\"} | m | t |",
                "{\"detail\":\"m\"} | m | |",
                "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"m\"}]} | m | |",
                "\"m\" | m | |",
                "upstream is down | upstream is down | |"
            })
    void everyKindOfErrorIsRead(String body, String message, String type, String code) {
        BackendError error = read(500, body);

        assertThat(error.message()).isEqualTo(message);
        assertThat(error.type()).isEqualTo(type);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html><body>502</body></html>",
                "{}",
                "[]",
                "7",
                "null",
                "{\"error\":{}}",
                "{\"error\":{\"message\":7}}",
                "{\"error\":{\"message\":\" \"}}",
                "{\"detail\":[]}"
            })
    void whatCantBeShownIsAnUnknownError(String body) {
        assertThat(read(502, body).message()).isEqualTo("Backend error");
    }

    @Test
    void aLongTextIsNotShown() {
        assertThat(read(502, "x".repeat(501)).message()).isEqualTo("Backend error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the"
                        + " messages, 1000 in the completion). | 5000 tokens > 4096 maximum",
                "You passed 5001 input tokens and requested 100 output tokens. However, the model's context length is"
                        + " only 4096 tokens, resulting in a maximum input length of 3996. | 5001 tokens > 4096 maximum",
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
                        + " | 9000 tokens > 8192 maximum",
                "The input (5000 tokens) is longer than the model's context length (4096 tokens)."
                        + " | 5000 tokens > 4096 maximum",
                "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total"
                        + " of 5000 tokens: 4000 tokens from the input messages. | 5000 tokens > 4096 maximum",
                "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it"
                        + " | 5000 tokens > 4096 maximum",
                "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with"
                        + " context length of only 4096 tokens | 5000 tokens > 4096 maximum",
                "prompt is too long: 5000 tokens > 4096 maximum | 5000 tokens > 4096 maximum",
                "the input length exceeds the context length | the input length exceeds the context length"
            })
    void aPromptThatIsTooLongIsToldAsClientsKnowIt(String words, String told) {
        BackendError error = read(500, "{\"error\":{\"message\":\"" + words + "\"}}");

        assertThat(message(error)).isEqualTo("prompt is too long: " + told);
        assertThat(error.statusFor(ErrorFormat.ANTHROPIC)).isEqualTo(400);
        assertThat(error.statusFor(ErrorFormat.OPENAI)).isEqualTo(400);
        assertThat(error.openAi().at("/error/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(error.openAi().at("/error/message").asString()).isEqualTo(words);
        assertThat(error.anthropic("r").at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void theCountsOfAFieldOfTheirOwnAreUsed() {
        BackendError error = read(
                400,
                "{\"error\":{\"code\":400,\"message\":\"too big\",\"type\":\"exceed_context_size_error\","
                        + "\"n_prompt_tokens\":99,\"n_ctx\":64}}");

        assertThat(message(error)).isEqualTo("prompt is too long: 99 tokens > 64 maximum");
    }

    @Test
    void anAnswerThatMayBeTooLongIsAnotherMatter() {
        BackendError error = read(
                400,
                "{\"message\":\"'max_tokens' is too large: 4096. This model's maximum context length is 4096 tokens"
                        + " and your request has 100 input tokens\"}");

        assertThat(error.overflow()).isNull();
        assertThat(message(error)).startsWith("'max_tokens' is too large");
    }

    @Test
    void eachFormatHasItsOwnBody() {
        BackendError error = read(422, "{\"error\":{\"message\":\"<no>\",\"type\":\"t\",\"code\":\"c\"}}");

        assertThat(error.render(ErrorFormat.OPENAI, "r"))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("{\"error\":{\"message\":\"<no>\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}");
        assertThat(error.render(ErrorFormat.ANTHROPIC, "r"))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"<no>\"},"
                        + "\"request_id\":\"r\"}");
        assertThat(error.render(ErrorFormat.OLLAMA, "r"))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("{\"error\":\"<no>\"}");
    }

    @ParameterizedTest
    @EnumSource(ErrorFormat.class)
    void noFormatLosesTheMessage(ErrorFormat format) {
        assertThat(read(503, "busy now").render(format, null))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .contains("busy now");
    }

    @Test
    void anErrorWithinAStreamFindsItsStatus() {
        JsonNode overflow = Wire.json("{'error':{'message':'prompt is too long: 9 tokens > 4 maximum'}}");

        assertThat(BackendError.readInStream(overflow).status()).isEqualTo(400);
        assertThat(BackendError.readInStream(Wire.json("{'error':{'type':'not_found_error'}}"))
                        .status())
                .isEqualTo(404);
        assertThat(BackendError.readInStream(Wire.json("{'error':{'code':200}}"))
                        .status())
                .isEqualTo(500);
    }
}
