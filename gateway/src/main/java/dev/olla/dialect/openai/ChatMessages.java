package dev.olla.dialect.openai;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.DataUrl;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.Part;
import dev.olla.dialect.PartReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads the messages of Chat Completions.
final class ChatMessages {

    private static final Extras NO_EXTRAS = new Extras(Dialect.OPENAI, Map.of());

    private ChatMessages() {}

    static Message read(JsonFields message) throws BadRequest {
        String role = message.requiredText("role");
        return switch (role) {
            case "system" -> said(Message.Role.SYSTEM, message, Map.of());
            case "developer" ->
                said(Message.Role.SYSTEM, message, Map.of("role", JsonNodeFactory.instance.stringNode(role)));
            case "user" -> said(Message.Role.USER, message, Map.of());
            case "assistant" -> assistant(message);
            case "tool" -> result(message, message.requiredText("tool_call_id"), message.text("name"));
            case "function" -> result(message, "", message.requiredText("name"));
            default ->
                throw BadRequest.invalid(
                        message.path("role"),
                        message.path("role") + " must be system, developer, user, assistant, tool or function");
        };
    }

    private static Message said(Message.Role role, JsonFields message, Map<String, JsonNode> more) throws BadRequest {
        JsonNode content = message.any("content");
        if (content == null) {
            throw message.missing("content");
        }
        List<Part> parts = content(content, message.path("content"));
        Map<String, JsonNode> extras = new LinkedHashMap<>(message.rest());
        extras.putAll(more);
        return new Message(role, parts, new Extras(Dialect.OPENAI, extras));
    }

    private static Message result(JsonFields message, String id, @Nullable String name) throws BadRequest {
        JsonNode content = message.any("content");
        List<Part> parts = content == null ? List.of() : content(content, message.path("content"));
        Part result = new Part.ToolResult(id, name, parts, false, NO_EXTRAS);
        return new Message(Message.Role.USER, List.of(result), message.extras(Dialect.OPENAI));
    }

    /// Thoughts, then text, then calls: the order in which they came.
    private static Message assistant(JsonFields message) throws BadRequest {
        List<Part> parts = new ArrayList<>();
        String reasoning = message.text("reasoning");
        String older = message.text("reasoning_content");
        String thought = reasoning == null ? older : reasoning;
        if (thought != null && !thought.isEmpty()) {
            parts.add(new Part.Thinking(thought, null, NO_EXTRAS));
        }
        JsonNode content = message.any("content");
        if (content != null) {
            parts.addAll(content(content, message.path("content")));
        }
        String refusal = message.text("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal, NO_EXTRAS));
        }
        for (JsonFields call : message.objects("tool_calls")) {
            parts.add(call(call));
        }
        JsonFields legacy = message.object("function_call");
        if (legacy != null) {
            parts.add(call("", legacy, NO_EXTRAS));
        }
        Map<String, JsonNode> rest = message.rest();
        Set<String> needed = rest.containsKey("audio") && !rest.get("audio").isNull() ? Set.of("audio") : Set.of();
        return new Message(Message.Role.ASSISTANT, parts, new Extras(Dialect.OPENAI, rest, needed));
    }

    private static Part call(JsonFields call) throws BadRequest {
        String type = call.text("type");
        if (type != null && !type.equals("function")) {
            return new Part.Foreign(Dialect.OPENAI, type, call.node(), null);
        }
        JsonFields function = call.object("function");
        if (function == null) {
            throw call.missing("function");
        }
        String id = call.text("id");
        call.any("index");
        return call(id == null ? "" : id, function, call.extras(Dialect.OPENAI));
    }

    private static Part call(String id, JsonFields function, Extras extras) throws BadRequest {
        String name = function.requiredText("name");
        JsonNode arguments = function.any("arguments");
        if (arguments == null) {
            return new Part.ToolCall(id, name, "", extras);
        }
        if (!arguments.isString() && !arguments.isObject()) {
            throw JsonFields.wrongType(function.path("arguments"), "a string", arguments);
        }
        String text = arguments.isString() ? arguments.stringValue() : Json.text(arguments);
        return new Part.ToolCall(id, name, text, extras);
    }

    private static List<Part> content(JsonNode content, String path) throws BadRequest {
        return PartReader.content(content, path, NO_EXTRAS, ChatMessages::part);
    }

    private static Part part(JsonFields part) throws BadRequest {
        String type = part.requiredText("type");
        return switch (type) {
            case "text" -> new Part.Text(part.requiredText("text"), part.extras(Dialect.OPENAI));
            case "refusal" -> new Part.Refusal(part.requiredText("refusal"), part.extras(Dialect.OPENAI));
            case "image_url" -> image(part);
            case "file" -> file(part);
            default -> new Part.Foreign(Dialect.OPENAI, type, part.node(), null);
        };
    }

    private static Part image(JsonFields part) throws BadRequest {
        JsonNode plain = part.any("image_url");
        if (plain != null && plain.isString()) {
            return new Part.Image(DataUrl.read(plain.stringValue()), null, part.extras(Dialect.OPENAI));
        }
        JsonFields image = part.object("image_url");
        if (image == null) {
            throw part.missing("image_url");
        }
        Media media = DataUrl.read(image.requiredText("url"));
        return new Part.Image(media, image.text("detail"), part.extras(Dialect.OPENAI));
    }

    private static Part file(JsonFields part) throws BadRequest {
        JsonFields file = part.object("file");
        if (file == null) {
            throw part.missing("file");
        }
        String title = file.text("filename");
        String stored = file.text("file_id");
        Media media = stored == null ? DataUrl.read(file.requiredText("file_data")) : new Media.Stored(stored);
        return new Part.Document(media, title, null, part.extras(Dialect.OPENAI));
    }
}
