package dev.olla.dialect.responses;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.RequestWriter;
import dev.olla.dialect.Sampling;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes requests of OpenAI Responses. Servers are asked to keep nothing of other formats' conversations.
public final class ResponsesRequestWriter implements RequestWriter {

    private static final String STANDARD_SCHEMA_NAME = "answer";

    @Override
    public ObjectNode write(Conversation conversation, String model, Abilities abilities) throws BadRequest {
        conversation.extras().refuseNeeded(Dialect.RESPONSES, "");
        boolean own = conversation.origin() == Dialect.RESPONSES;
        ObjectNode request = Json.object().put("model", model);
        new ResponsesItemWriter(conversation).write(request);
        writeSampling(conversation.sampling(), abilities, request);
        ResponsesTools.write(conversation.tools(), request);
        writeOutput(conversation.output(), request);
        writeReasoning(conversation.reasoning(), own, request);
        if (conversation.user() != null) {
            request.put("user", conversation.user());
        }
        if (!own) {
            request.put("store", false);
        }
        request.put("stream", conversation.stream());
        conversation.extras().of(Dialect.RESPONSES).forEach((name, value) -> merge(request, name, value));
        return request;
    }

    private static void writeSampling(Sampling sampling, Abilities abilities, ObjectNode request) throws BadRequest {
        if (!sampling.stop().isEmpty()) {
            throw BadRequest.untranslatable("stop");
        }
        if (sampling.seed() != null) {
            throw BadRequest.untranslatable("seed");
        }
        if (sampling.maxTokens() != null) {
            request.put("max_output_tokens", sampling.maxTokens());
        }
        put(request, "temperature", sampling.temperature());
        put(request, "top_p", sampling.topP());
        if (sampling.topK() != null && abilities.takes("top_k")) {
            request.put("top_k", sampling.topK());
        }
        beyond(request, "min_p", sampling.minP(), BigDecimal.ZERO, abilities);
        beyond(request, "frequency_penalty", sampling.frequencyPenalty(), BigDecimal.ZERO, abilities);
        beyond(request, "presence_penalty", sampling.presencePenalty(), BigDecimal.ZERO, abilities);
        beyond(request, "repetition_penalty", sampling.repetitionPenalty(), BigDecimal.ONE, abilities);
    }

    /// @param neutral what asks for nothing
    private static void beyond(
            ObjectNode request, String field, @Nullable BigDecimal value, BigDecimal neutral, Abilities abilities)
            throws BadRequest {
        if (value == null) {
            return;
        }
        if (abilities.takes(field)) {
            request.put(field, value);
        } else if (value.compareTo(neutral) != 0) {
            throw BadRequest.untranslatable(field);
        }
    }

    private static void put(ObjectNode request, String field, @Nullable BigDecimal value) {
        if (value != null) {
            request.put(field, value);
        }
    }

    private static void writeOutput(OutputFormat output, ObjectNode request) {
        switch (output) {
            case OutputFormat.Any _ -> {
                // Nothing to say.
            }
            case OutputFormat.Json _ ->
                request.putObject("text").putObject("format").put("type", "json_object");
            case OutputFormat.Schema schema -> {
                ObjectNode format =
                        request.putObject("text").putObject("format").put("type", "json_schema");
                format.put("name", schema.name() == null ? STANDARD_SCHEMA_NAME : schema.name());
                if (schema.description() != null) {
                    format.put("description", schema.description());
                }
                format.set("schema", schema.schema());
                if (schema.strict() != null) {
                    format.put("strict", schema.strict());
                }
            }
        }
    }

    /// Clients of other formats see thoughts without asking for them.
    private static void writeReasoning(Reasoning reasoning, boolean own, ObjectNode request) {
        String effort = Boolean.FALSE.equals(reasoning.enabled()) ? "none" : reasoning.nearestEffort();
        if (effort == null && (own || reasoning.enabled() == null)) {
            return;
        }
        ObjectNode written = request.putObject("reasoning");
        if (effort != null) {
            written.put("effort", effort);
        }
        if (!own && !Boolean.FALSE.equals(reasoning.enabled()) && !Boolean.FALSE.equals(reasoning.visible())) {
            written.put("summary", "auto");
        }
    }

    /// `text` and `reasoning` are written from two sides.
    private static void merge(ObjectNode request, String name, JsonNode value) {
        JsonNode present = request.path(name);
        if (present instanceof ObjectNode object && value.isObject()) {
            value.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
        } else {
            request.set(name, value);
        }
    }
}
