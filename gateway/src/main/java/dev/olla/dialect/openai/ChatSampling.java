package dev.olla.dialect.openai;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Sampling;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How answers are drawn, as Chat Completions and legacy completions both say it; they differ in what they call the
/// most that an answer may hold.
final class ChatSampling {

    private ChatSampling() {}

    /// @param maxTokens of the answer; null where the client doesn't say
    static Sampling read(JsonFields fields, @Nullable Long maxTokens) throws BadRequest {
        JsonNode stop = fields.any("stop");
        return new Sampling(
                maxTokens,
                fields.number("temperature"),
                fields.number("top_p"),
                fields.integer("top_k"),
                fields.number("min_p"),
                fields.number("frequency_penalty"),
                fields.number("presence_penalty"),
                fields.number("repetition_penalty"),
                fields.integer("seed"),
                stop != null && stop.isString() ? List.of(stop.stringValue()) : fields.texts("stop"));
    }

    /// @param maxTokensField what the server calls the most that an answer may hold
    static void write(Sampling sampling, String maxTokensField, Abilities abilities, ObjectNode request) {
        if (sampling.maxTokens() != null) {
            request.put(maxTokensField, sampling.maxTokens());
        }
        put(request, "temperature", sampling.temperature());
        put(request, "top_p", sampling.topP());
        put(request, "frequency_penalty", sampling.frequencyPenalty());
        put(request, "presence_penalty", sampling.presencePenalty());
        if (sampling.seed() != null) {
            request.put("seed", sampling.seed());
        }
        if (sampling.topK() != null && abilities.takes("top_k")) {
            request.put("top_k", sampling.topK());
        }
        put(request, "min_p", abilities.takes("min_p") ? sampling.minP() : null);
        put(request, "repetition_penalty", abilities.takes("repetition_penalty") ? sampling.repetitionPenalty() : null);
        if (!sampling.stop().isEmpty()) {
            ArrayNode stops = request.putArray("stop");
            sampling.stop().forEach(stops::add);
        }
    }

    private static void put(ObjectNode request, String field, @Nullable BigDecimal value) {
        if (value != null) {
            request.put(field, value);
        }
    }
}
