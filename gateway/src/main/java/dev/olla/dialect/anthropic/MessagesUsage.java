package dev.olla.dialect.anthropic;

import dev.olla.dialect.Json;
import dev.olla.dialect.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `usage` of Messages, where cached tokens are counted beside the input, not within it.
///
/// @param input not from the cache; null where not told yet
/// @param output null where not told yet
/// @param cacheRead null where not told yet
/// @param cacheCreated null where not told yet
record MessagesUsage(
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long cacheRead,
        @Nullable Long cacheCreated) {

    static final MessagesUsage UNKNOWN = new MessagesUsage(null, null, null, null);

    /// What is known once that was told too.
    MessagesUsage and(JsonNode usage) {
        return new MessagesUsage(
                count(usage.path("input_tokens"), input),
                count(usage.path("output_tokens"), output),
                count(usage.path("cache_read_input_tokens"), cacheRead),
                count(usage.path("cache_creation_input_tokens"), cacheCreated));
    }

    private static @Nullable Long count(JsonNode node, @Nullable Long otherwise) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0
                ? (Long) node.longValue()
                : otherwise;
    }

    Usage usage() {
        Long all = input == null ? null : (Long) (input + orZero(cacheRead) + orZero(cacheCreated));
        return new Usage(all, output, cacheRead, null, null, null, null);
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    /// @param input all of it, cached tokens included
    static ObjectNode write(long input, long output, long cached) {
        return Json.object()
                .put("input_tokens", Math.max(0, input - cached))
                .put("output_tokens", output)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", cached);
    }

    /// With the fields that only the message itself has.
    static ObjectNode writeWhole(long input, long output, long cached) {
        return write(input, output, cached).putNull("server_tool_use").put("service_tier", "standard");
    }
}
