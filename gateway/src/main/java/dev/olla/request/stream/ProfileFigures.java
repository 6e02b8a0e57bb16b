package dev.olla.request.stream;

import dev.olla.fleet.AnswerFormulas;
import dev.olla.telemetry.AnswerFigures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Fills what the shape of an answer left open with what the profile of its server says about it.
final class ProfileFigures {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final AnswerFigures shape;
    private final Map<String, Object> values;
    private final Map<String, Object> told;

    private ProfileFigures(AnswerFigures shape, Map<String, Object> values, Map<String, Object> calculated) {
        this.shape = shape;
        this.values = values;
        this.told = new HashMap<>(values);
        told.putAll(calculated);
    }

    static AnswerFigures added(AnswerFigures shape, AnswerFormulas formulas, List<ObjectNode> pieces) {
        if (formulas.extraction().paths().isEmpty() || !isOpen(shape)) {
            return shape;
        }
        Map<String, Object> values = formulas.values(pieces);
        if (values.isEmpty()) {
            return shape;
        }
        return new ProfileFigures(shape, values, formulas.calculated(values, name -> isOpen(shape, name))).filled();
    }

    private static boolean isOpen(AnswerFigures shape) {
        return !shape.complete()
                || shape.model() == null
                || shape.finishReason() == null
                || shape.inputTokens() == null
                || shape.outputTokens() == null
                || shape.totalTokens() == null
                || shape.promptMillis() == null
                || shape.generationMillis() == null
                || isOpen(shape, "tokens_per_second")
                || isOpen(shape, "ttft_ms")
                || isOpen(shape, "total_ms")
                || isOpen(shape, "model_load_ms");
    }

    /// Whether a result of that name has a place that is still empty.
    private static boolean isOpen(AnswerFigures shape, String result) {
        return switch (result) {
            case "tokens_per_second" -> shape.tokensPerSecond() == null;
            case "ttft_ms" -> shape.firstTokenMillis() == null;
            case "total_ms" -> shape.totalMillis() == null;
            case "model_load_ms" -> shape.loadMillis() == null;
            case "is_complete" -> !shape.complete();
            default -> false;
        };
    }

    private AnswerFigures filled() {
        Long input = count(shape.inputTokens(), "input_tokens");
        Long output = count(shape.outputTokens(), "output_tokens");
        Long total = count(shape.totalTokens(), "total_tokens");
        Long sum = total == null && input != null && output != null ? Long.valueOf(input + output) : total;
        Long prompt = millis(shape.promptMillis(), "prompt_ms", "prompt_duration_ns", "prompt_eval_duration");
        Long generation = millis(shape.generationMillis(), "generation_ms", "eval_duration_ns", "eval_duration");
        return new AnswerFigures(
                text(shape.model(), "model"),
                text(shape.finishReason(), "finish_reason"),
                input,
                output,
                sum,
                millis(shape.firstTokenMillis(), "ttft_ms", "prompt_duration_ns", "prompt_eval_duration"),
                millis(shape.totalMillis(), "total_ms", "total_duration_ns"),
                millis(shape.loadMillis(), "model_load_ms", "load_duration_ns"),
                prompt,
                generation,
                rate(output, generation),
                shape.complete() || isTrue("is_complete") || isTrue("done"));
    }

    private @Nullable Double rate(@Nullable Long output, @Nullable Long generation) {
        Double known = shape.tokensPerSecond();
        Double rate = known == null ? number(told.get("tokens_per_second")) : known;
        if (rate != null || output == null || generation == null || generation == 0) {
            return rate;
        }
        return output * 1000.0 / generation;
    }

    private @Nullable String text(@Nullable String known, String name) {
        return known == null && values.get(name) instanceof String text && !text.isEmpty() ? text : known;
    }

    private @Nullable Long count(@Nullable Long known, String name) {
        Double value = known == null ? number(values.get(name)) : null;
        return value == null ? known : Long.valueOf(Math.round(value));
    }

    /// @param millis the name of a figure in milliseconds
    /// @param nanos names of the same in nanoseconds
    private @Nullable Long millis(@Nullable Long known, String millis, String... nanos) {
        if (known != null) {
            return known;
        }
        Double direct = number(told.get(millis));
        if (direct != null) {
            return Math.round(direct);
        }
        for (String name : nanos) {
            Double value = number(values.get(name));
            if (value != null) {
                return Math.round(value / NANOS_PER_MILLI);
            }
        }
        return null;
    }

    /// What is no number counts for nothing; what is none that can be shown is 0. Less than nothing can't be.
    private static @Nullable Double number(@Nullable Object value) {
        if (!(value instanceof Number number)) {
            return null;
        }
        double plain = number.doubleValue();
        return Double.isFinite(plain) ? (plain < 0 ? null : Double.valueOf(plain)) : Double.valueOf(0);
    }

    private boolean isTrue(String name) {
        return Boolean.TRUE.equals(told.get(name));
    }
}
