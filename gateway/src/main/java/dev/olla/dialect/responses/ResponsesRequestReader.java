package dev.olla.dialect.responses;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads requests of OpenAI Responses.
///
/// What refers to an earlier response has to be put in its place before: [ResponseStore#expand].
public final class ResponsesRequestReader implements RequestReader {

    private static final Extras NO_EXTRAS = new Extras(Dialect.RESPONSES, Map.of());

    @Override
    public Conversation read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        if (model == null || model.isEmpty()) {
            throw fields.missing("model");
        }
        List<Message> messages = messages(fields);
        Sampling sampling = sampling(fields);
        ResponsesTools tools = ResponsesTools.read(fields);
        Map<String, JsonNode> kept = new LinkedHashMap<>();
        OutputFormat output = output(fields, kept);
        Reasoning reasoning = reasoning(fields, kept);
        String user = fields.text("user");
        Boolean stream = fields.flag("stream");
        Extras extras = extras(fields, kept, tools.unknownChoice());
        return new Conversation(
                model, messages, tools.use(), sampling, output, reasoning, user, stream != null && stream, extras);
    }

    /// Whether the answer is to be kept for later requests that refer to it.
    public static boolean keeps(JsonNode body) {
        return body.path("store").asBoolean(true);
    }

    private static List<Message> messages(JsonFields fields) throws BadRequest {
        List<Message> messages = new ArrayList<>();
        String instructions = fields.text("instructions");
        if (instructions != null && !instructions.isEmpty()) {
            List<Part> said = List.of(new Part.Text(instructions, NO_EXTRAS));
            messages.add(new Message(Message.Role.SYSTEM, said, NO_EXTRAS));
        }
        JsonNode input = fields.any("input");
        if (input == null) {
            throw fields.missing("input");
        }
        if (input.isString()) {
            List<Part> said = List.of(new Part.Text(input.stringValue(), NO_EXTRAS));
            messages.add(new Message(Message.Role.USER, said, NO_EXTRAS));
            return messages;
        }
        List<JsonFields> items = fields.objects("input");
        if (items.isEmpty()) {
            throw BadRequest.invalid("input", "input must hold at least one item");
        }
        for (JsonFields item : items) {
            messages.add(ResponsesItems.read(item));
        }
        return messages;
    }

    private static Sampling sampling(JsonFields fields) throws BadRequest {
        return new Sampling(
                fields.integer("max_output_tokens"),
                fields.number("temperature"),
                fields.number("top_p"),
                fields.integer("top_k"),
                fields.number("min_p"),
                fields.number("frequency_penalty"),
                fields.number("presence_penalty"),
                fields.number("repetition_penalty"),
                null,
                List.of());
    }

    /// @param kept takes what else there is in `text`
    private static OutputFormat output(JsonFields fields, Map<String, JsonNode> kept) throws BadRequest {
        JsonFields text = fields.object("text");
        JsonFields format = text == null ? null : text.object("format");
        keep("text", text, kept);
        if (format == null) {
            return OutputFormat.ANY;
        }
        return switch (format.requiredText("type")) {
            case "text" -> OutputFormat.ANY;
            case "json_object" -> new OutputFormat.Json();
            case "json_schema" -> schema(format);
            default ->
                throw BadRequest.invalid(
                        format.path("type"), format.path("type") + " must be text, json_object or json_schema");
        };
    }

    private static OutputFormat schema(JsonFields format) throws BadRequest {
        JsonNode schema = format.any("schema");
        if (schema == null) {
            throw format.missing("schema");
        }
        return new OutputFormat.Schema(format.text("name"), format.text("description"), schema, format.flag("strict"));
    }

    /// @param kept takes what else there is in `reasoning`
    private static Reasoning reasoning(JsonFields fields, Map<String, JsonNode> kept) throws BadRequest {
        JsonFields reasoning = fields.object("reasoning");
        if (reasoning == null) {
            return Reasoning.STANDARD;
        }
        String effort = reasoning.text("effort");
        keep("reasoning", reasoning, kept);
        if (effort == null) {
            return Reasoning.STANDARD;
        }
        return effort.equals("none") ? new Reasoning(false, null, null, null) : new Reasoning(true, effort, null, null);
    }

    private static void keep(String name, @Nullable JsonFields object, Map<String, JsonNode> kept) {
        Map<String, JsonNode> rest = object == null ? Map.of() : object.rest();
        if (!rest.isEmpty()) {
            kept.put(name, JsonNodeFactory.instance.objectNode().setAll(rest));
        }
    }

    private static Extras extras(JsonFields fields, Map<String, JsonNode> kept, boolean unknownChoice) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(fields.rest());
        rest.putAll(kept);
        Set<String> needed = new LinkedHashSet<>();
        JsonNode choice = fields.any("tool_choice");
        if (unknownChoice && choice != null) {
            rest.put("tool_choice", choice);
            needed.add("tool_choice");
        }
        rest.forEach((name, value) -> {
            if (isNeeded(name, value)) {
                needed.add(name);
            }
        });
        return new Extras(Dialect.RESPONSES, rest, needed);
    }

    /// Whether the answer would be another without it.
    private static boolean isNeeded(String name, JsonNode value) {
        if (value.isNull()) {
            return false;
        }
        return switch (name) {
            case "previous_response_id", "conversation", "prompt" -> true;
            case "background" -> value.asBoolean(true);
            case "top_logprobs" -> !value.isInt() || value.intValue() != 0;
            case "include" -> wantsLogprobs(value);
            default -> false;
        };
    }

    private static boolean wantsLogprobs(JsonNode include) {
        for (JsonNode one : include) {
            if (one.asString("").equals("message.output_text.logprobs")) {
                return true;
            }
        }
        return false;
    }
}
