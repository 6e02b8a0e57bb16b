package dev.olla.dialect.anthropic;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.DataUrl;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.Media;
import dev.olla.dialect.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the blocks of one request's messages; remembers the ids made up for calls that had none, by the name of
/// the tool, for the results that follow.
final class MessagesBlockWriter {

    private final Map<String, Deque<String>> madeUp = new HashMap<>();
    private int calls;

    /// @param place of the message in the client's request
    ArrayNode write(List<Part> parts, String place) throws BadRequest {
        ArrayNode blocks = Json.object().putArray("blocks");
        int position = 0;
        for (Part part : parts) {
            String path = (place.equals("system") ? place : place + ".content") + '[' + position++ + ']';
            part.extras().refuseNeeded(Dialect.ANTHROPIC, path);
            ObjectNode block = block(part, path);
            if (block != null) {
                part.extras().of(Dialect.ANTHROPIC).forEach(block::set);
                blocks.add(block);
            }
        }
        return blocks;
    }

    /// Null for an empty text, which servers refuse.
    private @Nullable ObjectNode block(Part part, String path) throws BadRequest {
        return switch (part) {
            case Part.Text text -> text(text.text());
            case Part.Refusal text -> text(text.text());
            case Part.Image image -> block("image").set("source", source(image.media(), image.extras(), path));
            case Part.Document document -> document(document, path);
            case Part.Thinking thought -> {
                String signature = thought.signature();
                yield block("thinking")
                        .put("thinking", thought.text())
                        .put("signature", signature == null ? MessagesStreamWriter.LOCAL_SIGNATURE : signature);
            }
            case Part.RedactedThinking thought -> block("redacted_thinking").put("data", thought.data());
            case Part.ToolCall call -> call(call);
            case Part.ToolResult result -> result(result, path);
            case Part.Foreign own when own.dialect() == Dialect.ANTHROPIC -> ((ObjectNode) own.json()).deepCopy();
            case Part.Foreign other when other.text() != null -> text(other.text());
            case Part.Foreign other ->
                throw BadRequest.untranslatable(
                        path, "a part of type " + other.type() + ", which this server can't read");
        };
    }

    private static ObjectNode block(String type) {
        return Json.object().put("type", type);
    }

    private static @Nullable ObjectNode text(String text) {
        return text.isEmpty() ? null : block("text").put("text", text);
    }

    private ObjectNode document(Part.Document document, String path) throws BadRequest {
        ObjectNode block = block("document");
        block.set("source", documentSource(document, path));
        if (document.title() != null) {
            block.put("title", document.title());
        }
        if (document.context() != null) {
            block.put("context", document.context());
        }
        return block;
    }

    private ObjectNode documentSource(Part.Document document, String path) throws BadRequest {
        if (document.media() instanceof Media.Inline(String type, String base64)
                && type != null
                && type.startsWith("text/")) {
            return block("text").put("media_type", "text/plain").put("data", decoded(base64, path));
        }
        return source(document.media(), document.extras(), path);
    }

    private static String decoded(String base64, String path) throws BadRequest {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw BadRequest.invalid(path, path + " is not valid base64");
        }
    }

    private ObjectNode source(Media media, Extras extras, String path) throws BadRequest {
        return switch (media) {
            case Media.Inline(String type, String base64) -> {
                if (type == null) {
                    throw BadRequest.untranslatable(path, "without a media type");
                }
                yield block("base64").put("media_type", type).put("data", base64);
            }
            case Media.Link(String url) -> {
                if (DataUrl.is(url)) {
                    throw BadRequest.untranslatable(path, "a data URL that is not in base64");
                }
                yield block("url").put("url", url);
            }
            case Media.Plain(String text) ->
                block("text").put("media_type", "text/plain").put("data", text);
            case Media.Pieces(List<Part> parts) -> block("content").set("content", write(parts, path + ".source"));
            case Media.Stored(String id) -> {
                if (extras.dialect() != Dialect.ANTHROPIC) {
                    throw BadRequest.untranslatable(path, "a stored file, which this server doesn't have");
                }
                yield block("file").put("file_id", id);
            }
        };
    }

    private ObjectNode call(Part.ToolCall call) {
        String id = call.id();
        if (id.isEmpty()) {
            id = "call_" + calls++;
            madeUp.computeIfAbsent(call.name(), _ -> new ArrayDeque<>()).add(id);
        }
        ObjectNode block = block("tool_use").put("id", allowed(id)).put("name", call.name());
        block.set("input", MessagesDocumentWriter.input(call.arguments()));
        return block;
    }

    private ObjectNode result(Part.ToolResult result, String path) throws BadRequest {
        String id = result.callId();
        if (id.isEmpty()) {
            Deque<String> waiting = madeUp.get(String.valueOf(result.name()));
            String first = waiting == null ? null : waiting.poll();
            id = first == null ? "call_" + calls++ : first;
        }
        ObjectNode block = block("tool_result").put("tool_use_id", allowed(id));
        ArrayNode content = write(result.content(), path);
        JsonNode only = content.path(0);
        if (content.size() == 1 && only.size() == 2 && only.has("text")) {
            block.set("content", only.path("text"));
        } else if (!content.isEmpty()) {
            block.set("content", content);
        }
        if (result.error()) {
            block.put("is_error", true);
        }
        return block;
    }

    /// Servers of this format take letters, digits, `_` and `-` only.
    private static String allowed(String id) {
        return id.replaceAll("[^a-zA-Z0-9_-]", "_");
    }
}
