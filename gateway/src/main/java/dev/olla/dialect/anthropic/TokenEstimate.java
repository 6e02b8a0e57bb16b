package dev.olla.dialect.anthropic;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// How many tokens a Messages request has, guessed from its length: a quarter of its bytes, and a flat count for
/// each image. Pure; safe for all threads.
public final class TokenEstimate {

    /// About what an image of common size costs.
    private static final long IMAGE_TOKENS = 1_600;

    /// `<`, `>` and `&` count as the six bytes of an escape.
    private static final int ESCAPE_GROWTH = 5;

    private long bytes;
    private long images;

    private TokenEstimate() {}

    /// At least 1. Neither `model` nor any other rule of a request is checked.
    ///
    /// @throws BadRequest where the body is no request at all
    public static long of(JsonNode request) throws BadRequest {
        JsonFields fields = JsonFields.of(request, "");
        TokenEstimate estimate = new TokenEstimate();
        JsonNode system = fields.any("system");
        if (system != null) {
            estimate.content(system);
        }
        for (JsonFields message : fields.objects("messages")) {
            estimate.content(message.node().path("content"));
        }
        for (JsonFields tool : fields.objects("tools")) {
            estimate.tool(tool.node());
        }
        return Math.max(1, estimate.bytes / 4 + estimate.images * IMAGE_TOKENS);
    }

    private void tool(JsonNode tool) {
        text(tool.path("name"));
        text(tool.path("description"));
        json(tool.path("input_schema"));
    }

    private void content(JsonNode content) {
        text(content);
        if (content.isArray()) {
            content.forEach(this::block);
        }
    }

    private void block(JsonNode block) {
        switch (block.path("type").asString("")) {
            case "text" -> text(block.path("text"));
            case "thinking" -> text(block.path("thinking"));
            case "tool_use" -> {
                text(block.path("name"));
                json(block.path("input"));
            }
            case "tool_result", "search_result" -> content(block.path("content"));
            case "document" -> document(block);
            case "image" -> images++;
            default -> {
                // Nothing that a model reads as text.
            }
        }
    }

    /// Only text is counted: what a file in base64 holds can't be seen.
    private void document(JsonNode block) {
        text(block.path("title"));
        text(block.path("context"));
        JsonNode source = block.path("source");
        if (source.path("type").asString("").equals("text")) {
            text(source.path("data"));
        }
        content(source.path("content"));
    }

    private void text(JsonNode node) {
        if (node.isString()) {
            bytes += node.stringValue().getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private void json(JsonNode node) {
        if (node.isMissingNode()) {
            return;
        }
        byte[] compact = Json.bytes(node);
        bytes += compact.length;
        for (byte next : compact) {
            if (next == '<' || next == '>' || next == '&') {
                bytes += ESCAPE_GROWTH;
            }
        }
    }
}
