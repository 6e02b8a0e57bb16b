package dev.olla.dialect.ollama;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.DataUrl;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the messages of one request.
///
/// Most servers and clients leave calls without ids, and say of a result only which tool gave it. Calls get ids
/// here, the same each time, and results that of the first call of the tool that has none yet.
final class OllamaMessages {

    private static final Extras NO_EXTRAS = new Extras(Dialect.OLLAMA, Map.of());

    private final List<Part.ToolCall> waiting = new ArrayList<>();
    private int calls;

    Message read(JsonFields message) throws BadRequest {
        String role = message.requiredText("role");
        return switch (role) {
            case "system" -> said(Message.Role.SYSTEM, message);
            case "user" -> said(Message.Role.USER, message);
            case "assistant" -> assistant(message);
            case "tool" -> result(message);
            default ->
                throw BadRequest.invalid(
                        message.path("role"), message.path("role") + " must be system, user, assistant or tool");
        };
    }

    private static Message said(Message.Role role, JsonFields message) throws BadRequest {
        List<Part> parts = content(message);
        return new Message(role, parts, message.extras(Dialect.OLLAMA));
    }

    /// Ollama shows the model the images before the text.
    private static List<Part> content(JsonFields message) throws BadRequest {
        List<Part> parts = new ArrayList<>(images(message));
        String text = message.text("content");
        if (text != null && !text.isEmpty()) {
            parts.add(new Part.Text(text, NO_EXTRAS));
        }
        return parts;
    }

    static List<Part> images(JsonFields from) throws BadRequest {
        List<Part> images = new ArrayList<>();
        for (String image : from.texts("images")) {
            Media media = DataUrl.is(image) ? DataUrl.read(image) : new Media.Inline(type(image), image);
            images.add(new Part.Image(media, null, NO_EXTRAS));
        }
        return images;
    }

    /// Nobody says what kind of image it is, so the first bytes have to. Null for one that nobody knows.
    private static @Nullable String type(String base64) {
        if (base64.startsWith("iVBORw0KGgo")) {
            return "image/png";
        }
        if (base64.startsWith("/9j/")) {
            return "image/jpeg";
        }
        if (base64.startsWith("R0lGOD")) {
            return "image/gif";
        }
        return base64.startsWith("UklGR") ? "image/webp" : null;
    }

    private Message assistant(JsonFields message) throws BadRequest {
        List<Part> parts = new ArrayList<>();
        String thought = message.text("thinking");
        if (thought != null && !thought.isEmpty()) {
            parts.add(new Part.Thinking(thought, null, NO_EXTRAS));
        }
        parts.addAll(content(message));
        for (JsonFields call : message.objects("tool_calls")) {
            parts.add(call(call));
        }
        return new Message(Message.Role.ASSISTANT, parts, message.extras(Dialect.OLLAMA));
    }

    private Part call(JsonFields call) throws BadRequest {
        JsonFields function = call.object("function");
        if (function == null) {
            throw call.missing("function");
        }
        String name = function.requiredText("name");
        JsonNode arguments = function.any("arguments");
        if (arguments != null && !arguments.isObject() && !arguments.isString()) {
            throw JsonFields.wrongType(function.path("arguments"), "an object", arguments);
        }
        String id = call.text("id");
        call.any("type");
        Part.ToolCall part = new Part.ToolCall(
                id == null || id.isEmpty() ? nextId() : id, name, text(arguments), call.extras(Dialect.OLLAMA));
        waiting.add(part);
        return part;
    }

    private static String text(@Nullable JsonNode arguments) {
        if (arguments == null) {
            return "{}";
        }
        return arguments.isString() ? arguments.stringValue() : Json.text(arguments);
    }

    private String nextId() {
        return "call_" + calls++;
    }

    private Message result(JsonFields message) throws BadRequest {
        String told = message.text("tool_name");
        String older = message.text("name");
        String name = told == null ? older : told;
        String id = message.text("tool_call_id");
        Part.ToolCall call = id == null || id.isEmpty() ? first(name) : null;
        List<Part> content = content(message);
        Part result = new Part.ToolResult(
                id == null || id.isEmpty() ? (call == null ? nextId() : call.id()) : id,
                name == null && call != null ? call.name() : name,
                content,
                false,
                NO_EXTRAS);
        waiting.removeIf(other -> other.id().equals(((Part.ToolResult) result).callId()));
        return new Message(Message.Role.USER, List.of(result), message.extras(Dialect.OLLAMA));
    }

    /// The first call that waits for that tool's result; whichever waits first where no tool is named.
    private Part.@Nullable ToolCall first(@Nullable String name) {
        for (Part.ToolCall call : waiting) {
            if (name == null || name.isEmpty() || name.equals(call.name())) {
                return call;
            }
        }
        return null;
    }
}
