package dev.olla.dialect.responses;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.DataUrl;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.Part;
import dev.olla.dialect.PartReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads the items of an input, each of which is a message of its own here.
final class ResponsesItems {

    private static final Extras NO_EXTRAS = new Extras(Dialect.RESPONSES, Map.of());

    private ResponsesItems() {}

    static Message read(JsonFields item) throws BadRequest {
        String type = item.text("type");
        String kind = type == null ? (item.node().has("role") ? "message" : "item_reference") : type;
        return switch (kind) {
            case "message" -> message(item);
            case "function_call" -> alone(Message.Role.ASSISTANT, call(item));
            case "function_call_output" -> alone(Message.Role.USER, result(item));
            case "reasoning" -> alone(Message.Role.ASSISTANT, reasoning(item));
            case "item_reference" ->
                throw BadRequest.invalid(
                        item.path(), item.path() + " refers to an item that is not stored here (any more)");
            default -> alone(role(kind), new Part.Foreign(Dialect.RESPONSES, kind, item.node(), null));
        };
    }

    /// What a tool gave comes from the client's side, all else that has no words of ours from the model's.
    private static Message.Role role(String kind) {
        boolean given = kind.endsWith("_output") || kind.equals("mcp_approval_response");
        return given ? Message.Role.USER : Message.Role.ASSISTANT;
    }

    private static Message alone(Message.Role role, Part part) {
        return new Message(role, List.of(part), NO_EXTRAS);
    }

    private static Message message(JsonFields item) throws BadRequest {
        String word = item.requiredText("role");
        Message.Role role = switch (word) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            default ->
                throw BadRequest.invalid(
                        item.path("role"), item.path("role") + " must be system, developer, user or assistant");
        };
        JsonNode content = item.any("content");
        if (content == null) {
            throw item.missing("content");
        }
        List<Part> parts = content(content, item.path("content"));
        Map<String, JsonNode> extras = new LinkedHashMap<>(item.rest());
        if (role == Message.Role.SYSTEM) {
            extras.put("role", JsonNodeFactory.instance.stringNode(word));
        }
        return new Message(role, parts, new Extras(Dialect.RESPONSES, extras));
    }

    private static List<Part> content(JsonNode content, String path) throws BadRequest {
        return PartReader.content(content, path, NO_EXTRAS, ResponsesItems::part);
    }

    private static Part part(JsonFields part) throws BadRequest {
        String type = part.requiredText("type");
        return switch (type) {
            case "input_text", "output_text", "text" ->
                new Part.Text(part.requiredText("text"), part.extras(Dialect.RESPONSES));
            case "refusal" -> new Part.Refusal(part.requiredText("refusal"), part.extras(Dialect.RESPONSES));
            case "input_image" -> image(part);
            case "input_file" -> file(part);
            default -> new Part.Foreign(Dialect.RESPONSES, type, part.node(), null);
        };
    }

    private static Part image(JsonFields part) throws BadRequest {
        String stored = part.text("file_id");
        Media media = stored == null ? DataUrl.read(part.requiredText("image_url")) : new Media.Stored(stored);
        return new Part.Image(media, part.text("detail"), part.extras(Dialect.RESPONSES));
    }

    private static Part file(JsonFields part) throws BadRequest {
        String title = part.text("filename");
        String stored = part.text("file_id");
        String address = part.text("file_url");
        Media media;
        if (stored != null) {
            media = new Media.Stored(stored);
        } else if (address != null) {
            media = new Media.Link(address);
        } else {
            media = DataUrl.read(part.requiredText("file_data"));
        }
        return new Part.Document(media, title, null, part.extras(Dialect.RESPONSES));
    }

    private static Part call(JsonFields item) throws BadRequest {
        String id = item.requiredText("call_id");
        String name = item.requiredText("name");
        String arguments = item.text("arguments");
        return new Part.ToolCall(id, name, arguments == null ? "" : arguments, item.extras(Dialect.RESPONSES));
    }

    private static Part result(JsonFields item) throws BadRequest {
        String id = item.requiredText("call_id");
        JsonNode output = item.any("output");
        List<Part> content = output == null ? List.of() : content(output, item.path("output"));
        return new Part.ToolResult(id, null, content, false, item.extras(Dialect.RESPONSES));
    }

    /// Its text is in `content`, or else in `summary`; what is only encrypted, nobody but its maker can read.
    private static Part reasoning(JsonFields item) throws BadRequest {
        String sealed = item.text("encrypted_content");
        String text = text(item.objects("content"));
        String summary = text(item.objects("summary"));
        Map<String, JsonNode> rest = item.rest();
        for (String field : List.of("summary", "content")) {
            JsonNode kept = item.any(field);
            if (kept != null) {
                rest.put(field, kept);
            }
        }
        Extras extras = new Extras(Dialect.RESPONSES, rest);
        if (text.isEmpty() && summary.isEmpty()) {
            return new Part.RedactedThinking(sealed == null ? "" : sealed, extras);
        }
        return new Part.Thinking(text.isEmpty() ? summary : text, sealed, extras);
    }

    private static String text(List<JsonFields> pieces) throws BadRequest {
        StringBuilder text = new StringBuilder();
        for (JsonFields piece : pieces) {
            String said = piece.text("text");
            if (said != null && !said.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n\n").append(said);
            }
        }
        return text.toString();
    }
}
