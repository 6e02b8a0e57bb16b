package dev.olla.dialect.openai;

import dev.olla.dialect.Json;
import dev.olla.dialect.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `usage` of Chat Completions, and llama.cpp's `timings` beside it.
final class ChatUsage {

    private ChatUsage() {}

    /// Null where the chunk or document tells nothing.
    static @Nullable Usage read(JsonNode body) {
        JsonNode usage = body.path("usage");
        if (!usage.isObject()) {
            return null;
        }
        JsonNode timings = body.path("timings");
        return new Usage(
                count(usage.path("prompt_tokens")),
                count(usage.path("completion_tokens")),
                count(usage.path("prompt_tokens_details").path("cached_tokens")),
                count(usage.path("completion_tokens_details").path("reasoning_tokens")),
                null,
                milliseconds(timings.path("prompt_ms")),
                milliseconds(timings.path("predicted_ms")));
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0 ? node.longValue() : null;
    }

    private static @Nullable Duration milliseconds(JsonNode node) {
        if (!node.isNumber()) {
            return null;
        }
        double value = node.doubleValue();
        return value >= 0 && value < 1e12 ? Duration.ofNanos((long) (value * 1e6)) : null;
    }

    /// Counts that the server doesn't tell are 0.
    static ObjectNode write(Usage usage) {
        long input = usage.inputTokens() == null ? 0 : usage.inputTokens();
        long output = usage.outputTokens() == null ? 0 : usage.outputTokens();
        ObjectNode node = Json.object()
                .put("prompt_tokens", input)
                .put("completion_tokens", output)
                .put("total_tokens", input + output);
        if (usage.cachedTokens() != null) {
            node.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
        }
        if (usage.reasoningTokens() != null) {
            node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        }
        return node;
    }
}
