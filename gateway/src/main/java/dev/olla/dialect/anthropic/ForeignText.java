package dev.olla.dialect.anthropic;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What another format says in the place of a block that only Anthropic has.
final class ForeignText {

    /// A search may have found much; the model needs the gist.
    private static final int LONGEST = 4_000;

    private static final Set<String> TELLING =
            Set.of("title", "url", "source", "text", "stdout", "stderr", "error_code", "command", "query");

    private ForeignText() {}

    /// Null where nothing will do.
    static @Nullable String of(String type, JsonNode block) {
        if (type.equals("search_result")) {
            return searchResult(block);
        }
        if (type.equals("server_tool_use") || type.equals("mcp_tool_use")) {
            return '[' + block.path("name").asString("tool") + " was used: " + gist(block.path("input")) + ']';
        }
        if (type.endsWith("_tool_result")) {
            return '[' + type + ": " + gist(block.path("content")) + ']';
        }
        return null;
    }

    private static String searchResult(JsonNode block) {
        StringBuilder text = new StringBuilder();
        line(text, "Search result: ", block.path("title"));
        line(text, "Source: ", block.path("source"));
        text.append('\n');
        String separator = "";
        for (JsonNode piece : block.path("content")) {
            text.append(separator).append(piece.path("text").asString(""));
            separator = "\n";
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String head, JsonNode value) {
        if (value.isString()) {
            text.append(head).append(value.stringValue()).append('\n');
        }
    }

    private static String gist(JsonNode content) {
        StringBuilder text = new StringBuilder();
        gather(content, text);
        return text.substring(0, Math.min(LONGEST, text.length()));
    }

    /// Nests no deeper than what was read.
    private static void gather(JsonNode node, StringBuilder text) {
        if (text.length() > LONGEST) {
            return;
        }
        if (node.isArray()) {
            node.forEach(element -> gather(element, text));
        }
        node.properties().forEach(field -> {
            if (field.getValue().isString() && TELLING.contains(field.getKey())) {
                text.append(text.isEmpty() ? "" : "\n").append(field.getValue().stringValue());
            } else {
                gather(field.getValue(), text);
            }
        });
    }
}
