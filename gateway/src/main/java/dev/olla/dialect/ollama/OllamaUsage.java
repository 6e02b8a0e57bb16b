package dev.olla.dialect.ollama;

import dev.olla.dialect.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The counts and durations in the last line of an answer. Durations are in nanoseconds.
final class OllamaUsage {

    private OllamaUsage() {}

    static Usage read(JsonNode last) {
        return new Usage(
                count(last.path("prompt_eval_count")),
                count(last.path("eval_count")),
                null,
                null,
                duration(last.path("load_duration")),
                duration(last.path("prompt_eval_duration")),
                duration(last.path("eval_duration")));
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0 ? node.longValue() : null;
    }

    private static @Nullable Duration duration(JsonNode node) {
        Long nanoseconds = count(node);
        return nanoseconds == null ? null : Duration.ofNanos(nanoseconds);
    }

    /// What isn't known is left out.
    static void write(Usage usage, Duration total, ObjectNode last) {
        last.put("total_duration", Math.max(0, total.toNanos()));
        put(last, "load_duration", usage.load());
        put(last, "prompt_eval_count", usage.inputTokens());
        put(last, "prompt_eval_duration", usage.prompt());
        put(last, "eval_count", usage.outputTokens());
        put(last, "eval_duration", usage.generation());
    }

    private static void put(ObjectNode last, String field, @Nullable Duration duration) {
        if (duration != null) {
            last.put(field, duration.toNanos());
        }
    }

    private static void put(ObjectNode last, String field, @Nullable Long count) {
        if (count != null) {
            last.put(field, count);
        }
    }
}
