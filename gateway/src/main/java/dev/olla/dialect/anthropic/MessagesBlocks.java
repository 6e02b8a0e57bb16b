package dev.olla.dialect.anthropic;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Media;
import dev.olla.dialect.Part;
import dev.olla.dialect.PartReader;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads the content of messages: a text, a block, or a list of blocks.
final class MessagesBlocks {

    private MessagesBlocks() {}

    /// An empty text is no part at all.
    static List<Part> read(JsonNode content, String path) throws BadRequest {
        if (content.isObject()) {
            return List.of(block(JsonFields.of(content, path)));
        }
        if (!content.isString() && !content.isArray()) {
            String got = content.isMissingNode() ? "missing" : JsonFields.kind(content);
            throw BadRequest.malformed(path, path + ": invalid content type: " + got);
        }
        return PartReader.content(content, path, Extras.NONE, MessagesBlocks::block);
    }

    private static Part block(JsonFields block) throws BadRequest {
        String type = block.requiredText("type");
        return switch (type) {
            case "text" -> new Part.Text(block.requiredText("text"), block.extras(Dialect.ANTHROPIC));
            case "image" -> image(block);
            case "document" -> document(block);
            case "thinking" -> thinking(block);
            case "redacted_thinking" -> redacted(block);
            case "tool_use" -> toolUse(block);
            case "tool_result" -> toolResult(block);
            default -> new Part.Foreign(Dialect.ANTHROPIC, type, block.node(), ForeignText.of(type, block.node()));
        };
    }

    private static Part image(JsonFields block) throws BadRequest {
        Media media = source(block);
        return new Part.Image(media, null, block.extras(Dialect.ANTHROPIC));
    }

    private static Part document(JsonFields block) throws BadRequest {
        Media media = source(block);
        String title = block.text("title");
        String context = block.text("context");
        return new Part.Document(media, title, context, block.extras(Dialect.ANTHROPIC));
    }

    private static Media source(JsonFields block) throws BadRequest {
        JsonFields source = block.object("source");
        if (source == null) {
            throw block.missing("source");
        }
        String type = source.requiredText("type");
        return switch (type) {
            case "base64" -> new Media.Inline(source.text("media_type"), source.requiredText("data"));
            case "url" -> new Media.Link(source.requiredText("url"));
            case "text" -> new Media.Plain(source.requiredText("data"));
            case "content" -> new Media.Pieces(read(source.node().path("content"), source.path("content")));
            case "file" -> new Media.Stored(source.requiredText("file_id"));
            default -> throw BadRequest.invalid(source.path("type"), source.path("type") + " is not a kind of source");
        };
    }

    private static Part thinking(JsonFields block) throws BadRequest {
        String text = block.requiredText("thinking");
        return new Part.Thinking(text, block.text("signature"), block.extras(Dialect.ANTHROPIC));
    }

    private static Part redacted(JsonFields block) throws BadRequest {
        return new Part.RedactedThinking(block.requiredText("data"), block.extras(Dialect.ANTHROPIC));
    }

    private static Part toolUse(JsonFields block) throws BadRequest {
        String id = named(block, "id");
        String name = named(block, "name");
        JsonNode input = block.any("input");
        String arguments = input == null ? "{}" : Json.text(input);
        return new Part.ToolCall(id, name, arguments, block.extras(Dialect.ANTHROPIC));
    }

    private static String named(JsonFields block, String field) throws BadRequest {
        String value = block.requiredText(field);
        if (value.isEmpty()) {
            throw block.missing(field);
        }
        return value;
    }

    private static Part toolResult(JsonFields block) throws BadRequest {
        String id = named(block, "tool_use_id");
        JsonNode content = block.any("content");
        List<Part> parts = content == null ? List.of() : read(content, block.path("content"));
        Boolean error = block.flag("is_error");
        return new Part.ToolResult(id, null, parts, error != null && error, block.extras(Dialect.ANTHROPIC));
    }
}
