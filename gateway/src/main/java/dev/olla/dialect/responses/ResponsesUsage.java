package dev.olla.dialect.responses;

import dev.olla.dialect.Json;
import dev.olla.dialect.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `usage` of a response.
final class ResponsesUsage {

    private ResponsesUsage() {}

    /// Null where the response tells nothing.
    static @Nullable Usage read(JsonNode response) {
        JsonNode usage = response.path("usage");
        if (!usage.isObject()) {
            return null;
        }
        return new Usage(
                count(usage.path("input_tokens")),
                count(usage.path("output_tokens")),
                count(usage.path("input_tokens_details").path("cached_tokens")),
                count(usage.path("output_tokens_details").path("reasoning_tokens")),
                null,
                null,
                null);
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0 ? node.longValue() : null;
    }

    /// Null where nothing is known; single counts that the server doesn't tell are 0.
    static @Nullable ObjectNode write(Usage usage) {
        if (usage.inputTokens() == null && usage.outputTokens() == null) {
            return null;
        }
        long input = orNone(usage.inputTokens());
        long output = orNone(usage.outputTokens());
        ObjectNode node = Json.object().put("input_tokens", input);
        node.putObject("input_tokens_details").put("cached_tokens", orNone(usage.cachedTokens()));
        node.put("output_tokens", output);
        node.putObject("output_tokens_details").put("reasoning_tokens", orNone(usage.reasoningTokens()));
        return node.put("total_tokens", input + output);
    }

    private static long orNone(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
