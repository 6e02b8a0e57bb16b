package dev.olla.request.stream;

import dev.olla.dialect.Json;
import dev.olla.telemetry.AnswerFigures;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Gathers the figures of an answer from its pieces, whichever format they have: of what is told twice the last
/// counts.
///
/// Follows the usage objects of OpenAI Chat Completions, Completions, Embeddings and Responses, of Anthropic
/// Messages, Ollama's counts and durations, and the timings of llama.cpp and vLLM's kin.
final class FigureReader {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private @Nullable String model;
    private @Nullable String finishReason;
    private @Nullable Long input;
    private @Nullable Long cached;
    private @Nullable Long output;
    private @Nullable Long total;
    private @Nullable Long firstToken;
    private @Nullable Long totalMillis;
    private @Nullable Long load;
    private @Nullable Long prompt;
    private @Nullable Long generation;
    private @Nullable Double rate;
    private boolean complete;

    private FigureReader() {}

    static AnswerFigures read(List<ObjectNode> pieces) {
        FigureReader reader = new FigureReader();
        pieces.forEach(reader::piece);
        return reader.figures();
    }

    private void piece(ObjectNode piece) {
        part(piece);
        // Anthropic's first event, and the last one of Responses, wrap the answer.
        part(piece.path("message"));
        part(piece.path("response"));
        ollama(piece);
        timings(piece.path("timings"));
        metrics(piece.path("metrics"));
    }

    private void part(JsonNode part) {
        String named = Json.textOrNull(part.path("model"));
        model = named == null ? model : named;
        finish(Json.textOrNull(part.path("choices").path(0).path("finish_reason")));
        finish(Json.textOrNull(part.path("done_reason")));
        finish(Json.textOrNull(part.path("stop_reason")));
        finish(Json.textOrNull(part.path("delta").path("stop_reason")));
        String status = Json.textOrNull(part.path("status"));
        if ("completed".equals(status) || "incomplete".equals(status)) {
            finish(status);
        }
        usage(part.path("usage"));
    }

    private void finish(@Nullable String reason) {
        if (reason != null) {
            finishReason = reason;
            complete = true;
        }
    }

    private void usage(JsonNode usage) {
        input = last(input, usage, "prompt_tokens", "input_tokens");
        output = last(output, usage, "completion_tokens", "output_tokens");
        total = last(total, usage, "total_tokens");
        Long read = count(usage.path("cache_read_input_tokens"));
        Long written = count(usage.path("cache_creation_input_tokens"));
        if (read != null || written != null) {
            cached = (read == null ? 0 : read) + (written == null ? 0 : written);
        }
    }

    private void ollama(JsonNode piece) {
        input = last(input, piece, "prompt_eval_count");
        output = last(output, piece, "eval_count");
        totalMillis = nanos(totalMillis, piece.path("total_duration"));
        load = nanos(load, piece.path("load_duration"));
        prompt = nanos(prompt, piece.path("prompt_eval_duration"));
        generation = nanos(generation, piece.path("eval_duration"));
        firstToken = nanos(firstToken, piece.path("prompt_eval_duration"));
        complete |= piece.path("done").isBoolean() && piece.path("done").booleanValue();
    }

    private void timings(JsonNode timings) {
        prompt = millis(prompt, timings.path("prompt_ms"));
        firstToken = millis(firstToken, timings.path("prompt_ms"));
        generation = millis(generation, timings.path("predicted_ms"));
        JsonNode perSecond = timings.path("predicted_per_second");
        if (perSecond.isNumber() && perSecond.doubleValue() > 0) {
            rate = perSecond.doubleValue();
        }
    }

    private void metrics(JsonNode metrics) {
        firstToken = millis(firstToken, metrics.path("time_to_first_token_ms"));
        firstToken = millis(firstToken, metrics.path("time_to_first_token"));
        generation = millis(generation, metrics.path("generation_time_ms"));
        totalMillis = millis(totalMillis, metrics.path("total_time"));
    }

    private static @Nullable Long last(@Nullable Long before, JsonNode node, String... fields) {
        for (String field : fields) {
            Long count = count(node.path(field));
            if (count != null) {
                return count;
            }
        }
        return before;
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0 ? node.longValue() : null;
    }

    private static @Nullable Long nanos(@Nullable Long before, JsonNode node) {
        Long nanos = count(node);
        return nanos == null ? before : Long.valueOf(Math.round(nanos / NANOS_PER_MILLI));
    }

    private static @Nullable Long millis(@Nullable Long before, JsonNode node) {
        boolean told = node.isNumber() && node.doubleValue() >= 0 && Double.isFinite(node.doubleValue());
        return told ? Long.valueOf(Math.round(node.doubleValue())) : before;
    }

    private AnswerFigures figures() {
        Long read = input == null || cached == null ? input : Long.valueOf(input + cached);
        Long sum = total == null && read != null && output != null ? Long.valueOf(read + output) : total;
        return new AnswerFigures(
                model,
                finishReason,
                read,
                output,
                sum,
                firstToken,
                totalMillis,
                load,
                prompt,
                generation,
                tokensPerSecond(),
                complete);
    }

    private @Nullable Double tokensPerSecond() {
        if (rate != null || output == null || generation == null || generation == 0) {
            return rate;
        }
        return output * 1000.0 / generation;
    }
}
