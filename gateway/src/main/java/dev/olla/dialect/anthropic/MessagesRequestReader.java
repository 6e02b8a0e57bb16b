package dev.olla.dialect.anthropic;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.RequestReader;
import dev.olla.dialect.Sampling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads requests of Anthropic Messages.
public final class MessagesRequestReader implements RequestReader {

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    @Override
    public Conversation read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        List<JsonFields> turns = fields.objects("messages");
        Sampling sampling = sampling(fields);
        Boolean stream = fields.flag("stream");
        User user = user(fields);
        validate(model, turns, sampling);
        List<Message> messages = messages(fields, turns);
        JsonFields settings = fields.object("output_config");
        return new Conversation(
                String.valueOf(model),
                messages,
                MessagesTools.read(fields),
                sampling,
                output(fields, settings),
                reasoning(fields, settings),
                user.name(),
                stream != null && stream,
                extras(fields, settings, user));
    }

    private static Sampling sampling(JsonFields fields) throws BadRequest {
        return new Sampling(
                fields.integer("max_tokens"),
                fields.number("temperature"),
                fields.number("top_p"),
                fields.integer("top_k"),
                null,
                null,
                null,
                null,
                null,
                fields.texts("stop_sequences"));
    }

    private static void validate(@Nullable String model, List<JsonFields> messages, Sampling sampling)
            throws BadRequest {
        if (model == null || model.isEmpty()) {
            throw BadRequest.invalid("model", "model field is required");
        }
        if (messages.isEmpty()) {
            throw BadRequest.invalid("messages", "at least one message is required");
        }
        long maxTokens = sampling.maxTokens() == null ? 0 : sampling.maxTokens();
        if (maxTokens < 1) {
            throw BadRequest.invalid("max_tokens", "max_tokens must be at least 1, got " + maxTokens);
        }
        checkRange("temperature", sampling.temperature(), TWO);
        checkRange("top_p", sampling.topP(), BigDecimal.ONE);
        if (sampling.topK() != null && sampling.topK() < 0) {
            throw BadRequest.invalid("top_k", "top_k must be non-negative, got " + sampling.topK());
        }
    }

    private static void checkRange(String field, @Nullable BigDecimal value, BigDecimal most) throws BadRequest {
        if (value != null && (value.signum() < 0 || value.compareTo(most) > 0)) {
            String got = value.setScale(6, RoundingMode.HALF_EVEN).toPlainString();
            throw BadRequest.invalid(field, field + " must be between 0 and " + most + ", got " + got);
        }
    }

    private static List<Message> messages(JsonFields fields, List<JsonFields> turns) throws BadRequest {
        List<Message> messages = new ArrayList<>();
        JsonNode system = fields.any("system");
        if (system != null) {
            List<Part> parts = MessagesBlocks.read(system, "system");
            if (!parts.isEmpty()) {
                messages.add(new Message(Message.Role.SYSTEM, parts, new Extras(Dialect.ANTHROPIC, Map.of())));
            }
        }
        for (JsonFields turn : turns) {
            messages.add(message(turn));
        }
        return messages;
    }

    private static Message message(JsonFields turn) throws BadRequest {
        Message.Role role = switch (turn.requiredText("role")) {
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            case "system" -> Message.Role.SYSTEM;
            default ->
                throw BadRequest.invalid(turn.path("role"), turn.path("role") + " must be user, assistant or system");
        };
        turn.any("content");
        JsonNode content = turn.node().path("content");
        List<Part> parts = MessagesBlocks.read(content, turn.path("content"));
        Map<String, JsonNode> rest = turn.rest();
        if (role == Message.Role.SYSTEM) {
            rest.put("role", JsonNodeFactory.instance.stringNode("system"));
        }
        return new Message(role, parts, new Extras(Dialect.ANTHROPIC, rest));
    }

    private static Reasoning reasoning(JsonFields fields, @Nullable JsonFields settings) throws BadRequest {
        JsonFields thinking = fields.object("thinking");
        String effort = settings == null ? null : settings.text("effort");
        if (thinking == null) {
            return effort == null ? Reasoning.STANDARD : new Reasoning(null, effort, null, null);
        }
        String type = thinking.requiredText("type");
        Boolean enabled = switch (type) {
            case "enabled", "adaptive" -> true;
            case "disabled" -> false;
            default -> throw BadRequest.invalid("thinking.type", "thinking.type must be enabled, adaptive or disabled");
        };
        String display = thinking.text("display");
        Boolean visible = display == null ? null : (Boolean) !display.equals("omitted");
        return new Reasoning(enabled, effort, thinking.integer("budget_tokens"), visible);
    }

    /// `output_format` is what it was called before there was `output_config`.
    private static OutputFormat output(JsonFields fields, @Nullable JsonFields settings) throws BadRequest {
        JsonFields older = fields.object("output_format");
        JsonFields current = settings == null ? null : settings.object("format");
        JsonFields format = current == null ? older : current;
        if (format == null) {
            return OutputFormat.ANY;
        }
        if (!format.requiredText("type").equals("json_schema")) {
            throw BadRequest.invalid(format.path("type"), format.path("type") + " must be json_schema");
        }
        JsonNode schema = format.any("schema");
        if (schema == null) {
            throw format.missing("schema");
        }
        return new OutputFormat.Schema(
                null, null, JsonFields.of(schema, format.path("schema")).node(), true);
    }

    private static User user(JsonFields fields) throws BadRequest {
        JsonFields metadata = fields.object("metadata");
        return metadata == null ? new User(null, Map.of()) : new User(metadata.text("user_id"), metadata.rest());
    }

    private static Extras extras(JsonFields fields, @Nullable JsonFields settings, User user) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(fields.rest());
        if (settings != null) {
            keep("output_config", settings.rest(), rest);
        }
        keep("metadata", user.rest(), rest);
        return new Extras(Dialect.ANTHROPIC, rest);
    }

    private static void keep(String name, Map<String, JsonNode> inner, Map<String, JsonNode> rest) {
        if (!inner.isEmpty()) {
            rest.put(name, JsonNodeFactory.instance.objectNode().setAll(inner));
        }
    }

    /// Who asks.
    private record User(@Nullable String name, Map<String, JsonNode> rest) {}
}
