package dev.olla.dialect.ollama;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Sampling;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `options` of a request.
///
/// @param rest what the common model has no word for, for instance `num_ctx`
record OllamaOptions(Sampling sampling, Map<String, JsonNode> rest) {

    private static final OllamaOptions NONE = new OllamaOptions(Sampling.STANDARD, Map.of());
    private static final String LENGTH = "num_predict";

    static OllamaOptions read(JsonFields request) throws BadRequest {
        JsonFields options = request.object("options");
        if (options == null) {
            return NONE;
        }
        Long most = whole(options, LENGTH);
        boolean limited = most != null && most > 0;
        Sampling sampling = new Sampling(
                limited ? most : null,
                options.number("temperature"),
                options.number("top_p"),
                whole(options, "top_k"),
                options.number("min_p"),
                options.number("frequency_penalty"),
                options.number("presence_penalty"),
                options.number("repeat_penalty"),
                whole(options, "seed"),
                stop(options));
        Map<String, JsonNode> rest = new LinkedHashMap<>(options.rest());
        if (most != null && !limited) {
            rest.put(LENGTH, options.node().path(LENGTH));
        }
        return new OllamaOptions(sampling, rest);
    }

    /// Ollama reads every number as one with a fraction, and so do its clients write them.
    private static @Nullable Long whole(JsonFields options, String name) throws BadRequest {
        BigDecimal number = options.number(name);
        if (number == null) {
            return null;
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException _) {
            throw BadRequest.malformed(options.path(name), options.path(name) + " must be an integer");
        }
    }

    private static List<String> stop(JsonFields options) throws BadRequest {
        JsonNode stop = options.any("stop");
        return stop != null && stop.isString() ? List.of(stop.stringValue()) : options.texts("stop");
    }

    /// Null where there is nothing to say.
    static @Nullable ObjectNode write(Sampling sampling, Map<String, JsonNode> rest) {
        ObjectNode options = Json.object();
        put(options, LENGTH, sampling.maxTokens());
        put(options, "temperature", sampling.temperature());
        put(options, "top_p", sampling.topP());
        put(options, "top_k", sampling.topK());
        put(options, "min_p", sampling.minP());
        put(options, "frequency_penalty", sampling.frequencyPenalty());
        put(options, "presence_penalty", sampling.presencePenalty());
        put(options, "repeat_penalty", sampling.repetitionPenalty());
        put(options, "seed", sampling.seed());
        if (!sampling.stop().isEmpty()) {
            ArrayNode stops = options.putArray("stop");
            sampling.stop().forEach(stops::add);
        }
        rest.forEach(options::set);
        return options.isEmpty() ? null : options;
    }

    private static void put(ObjectNode options, String name, @Nullable Long value) {
        if (value != null) {
            options.put(name, value);
        }
    }

    private static void put(ObjectNode options, String name, @Nullable BigDecimal value) {
        if (value != null) {
            options.put(name, value);
        }
    }
}
