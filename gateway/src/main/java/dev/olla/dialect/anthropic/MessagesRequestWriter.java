package dev.olla.dialect.anthropic;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.RequestWriter;
import dev.olla.dialect.Sampling;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes requests of Anthropic Messages.
public final class MessagesRequestWriter implements RequestWriter {

    /// How long an answer may be where the client doesn't say, since this format insists on a limit.
    public static final long STANDARD_MAX_TOKENS = 8_192;

    /// No server takes a smaller budget.
    private static final long LEAST_BUDGET = 1_024;

    private static final Map<String, Long> BUDGETS = Map.of(
            "minimal", 1_024L, "low", 2_048L, "medium", 8_192L, "high", 16_384L, "xhigh", 24_576L, "max", 32_768L);

    @Override
    public ObjectNode write(Conversation conversation, String model, Abilities abilities) throws BadRequest {
        conversation.extras().refuseNeeded(Dialect.ANTHROPIC, "");
        refuseUnknown(conversation.sampling());
        ObjectNode request = Json.object().put("model", model);
        writeMessages(conversation, request);
        writeSampling(conversation.sampling(), request);
        writeReasoning(conversation, request);
        MessagesTools.write(conversation.tools(), request);
        writeOutput(conversation.output(), request);
        if (conversation.user() != null) {
            request.putObject("metadata").put("user_id", conversation.user());
        }
        request.put("stream", conversation.stream());
        conversation.extras().of(Dialect.ANTHROPIC).forEach((name, value) -> merge(request, name, value));
        return request;
    }

    /// What this format has no word for, unless it asks for what is done anyway.
    private static void refuseUnknown(Sampling sampling) throws BadRequest {
        refuse("frequency_penalty", sampling.frequencyPenalty(), BigDecimal.ZERO);
        refuse("presence_penalty", sampling.presencePenalty(), BigDecimal.ZERO);
        refuse("min_p", sampling.minP(), BigDecimal.ZERO);
        refuse("repetition_penalty", sampling.repetitionPenalty(), BigDecimal.ONE);
        if (sampling.seed() != null) {
            throw BadRequest.untranslatable("seed");
        }
    }

    private static void refuse(String field, @Nullable BigDecimal value, BigDecimal neutral) throws BadRequest {
        if (value != null && value.compareTo(neutral) != 0) {
            throw BadRequest.untranslatable(field);
        }
    }

    private static void writeMessages(Conversation conversation, ObjectNode request) throws BadRequest {
        MessagesBlockWriter writer = new MessagesBlockWriter();
        ArrayNode system = Json.object().putArray("system");
        ArrayNode messages = Json.object().putArray("messages");
        for (int i = 0; i < conversation.messages().size(); i++) {
            Message message = conversation.messages().get(i);
            String place = conversation.place(i);
            message.extras().refuseNeeded(Dialect.ANTHROPIC, place);
            ArrayNode blocks = writer.write(message.parts(), place);
            if (message.role() == Message.Role.SYSTEM) {
                system.addAll(blocks);
            } else if (!blocks.isEmpty()) {
                add(messages, message.role() == Message.Role.USER ? "user" : "assistant", blocks);
            }
        }
        if (!system.isEmpty()) {
            request.set("system", textOrBlocks(system));
        }
        for (JsonNode message : messages) {
            ((ObjectNode) message).set("content", textOrBlocks((ArrayNode) message.path("content")));
        }
        request.set("messages", messages);
    }

    /// Turns alternate: what one side says twice in a row is one turn.
    private static void add(ArrayNode messages, String role, ArrayNode blocks) {
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asString("").equals(role)) {
            ((ArrayNode) last.path("content")).addAll(blocks);
        } else {
            messages.addObject().put("role", role).set("content", blocks);
        }
    }

    private static JsonNode textOrBlocks(ArrayNode blocks) {
        JsonNode only = blocks.path(0);
        boolean plain = blocks.size() == 1
                && only.size() == 2
                && only.path("type").asString("").equals("text");
        return plain ? only.path("text") : blocks;
    }

    private static void writeSampling(Sampling sampling, ObjectNode request) {
        request.put("max_tokens", sampling.maxTokens() == null ? (Long) STANDARD_MAX_TOKENS : sampling.maxTokens());
        if (sampling.temperature() != null) {
            request.put("temperature", sampling.temperature());
        }
        if (sampling.topP() != null) {
            request.put("top_p", sampling.topP());
        }
        if (sampling.topK() != null) {
            request.put("top_k", sampling.topK());
        }
        if (!sampling.stop().isEmpty()) {
            ArrayNode stops = request.putArray("stop_sequences");
            sampling.stop().forEach(stops::add);
        }
    }

    private static void writeReasoning(Conversation conversation, ObjectNode request) {
        Reasoning reasoning = conversation.reasoning();
        boolean own = conversation.origin() == Dialect.ANTHROPIC;
        if (own && reasoning.effort() != null) {
            request.withObject("output_config").put("effort", reasoning.effort());
        }
        if (reasoning.enabled() == null) {
            return;
        }
        ObjectNode thinking = Json.object();
        if (!reasoning.enabled()) {
            thinking.put("type", "disabled");
        } else if (reasoning.budgetTokens() != null || !own) {
            writeBudget(conversation, thinking, request);
        } else {
            thinking.put("type", "adaptive");
        }
        if (reasoning.visible() != null) {
            thinking.put("display", reasoning.visible() ? "summarized" : "omitted");
        }
        if (!thinking.isEmpty()) {
            request.set("thinking", thinking);
        }
    }

    /// The budget is part of `max_tokens`: where the client set that, thinking gets no more than half.
    private static void writeBudget(Conversation conversation, ObjectNode thinking, ObjectNode request) {
        Reasoning reasoning = conversation.reasoning();
        String effort = reasoning.effort() == null ? "medium" : reasoning.effort();
        Long told = reasoning.budgetTokens();
        long budget = told == null ? BUDGETS.getOrDefault(effort, LEAST_BUDGET) : told;
        Long most = conversation.sampling().maxTokens();
        if (most == null) {
            request.put("max_tokens", budget + STANDARD_MAX_TOKENS);
        } else if (told == null && budget >= most) {
            budget = most / 2;
        }
        if (told != null || budget >= LEAST_BUDGET) {
            thinking.put("type", "enabled").put("budget_tokens", budget);
        }
    }

    private static void writeOutput(OutputFormat output, ObjectNode request) throws BadRequest {
        switch (output) {
            case OutputFormat.Any _ -> {
                // Nothing to say.
            }
            case OutputFormat.Json _ ->
                throw BadRequest.untranslatable(
                        "response_format", "a schema-less one, which this server can't keep to");
            case OutputFormat.Schema schema -> {
                ObjectNode format = request.withObject("output_config").putObject("format");
                format.put("type", "json_schema").set("schema", schema.schema());
            }
        }
    }

    /// `metadata` and `output_config` are written from two sides.
    private static void merge(ObjectNode request, String name, JsonNode value) {
        JsonNode present = request.path(name);
        if (present.isObject() && value.isObject()) {
            value.properties().forEach(field -> ((ObjectNode) present).set(field.getKey(), field.getValue()));
        } else {
            request.set(name, value);
        }
    }
}
