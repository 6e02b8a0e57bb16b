package dev.olla.dialect.anthropic;

import dev.olla.dialect.Answer;
import dev.olla.dialect.Asked;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.Usage;
import dev.olla.dialect.WholeAnswerWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a whole answer as a message.
public final class MessagesDocumentWriter implements WholeAnswerWriter {

    private final Identifiers identifiers;

    public MessagesDocumentWriter(Identifiers identifiers) {
        this.identifiers = identifiers;
    }

    @Override
    public ObjectNode write(Answer answer, Asked asked) {
        ObjectNode message = Json.object()
                .put("id", identifiers.message())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", answer.model() == null ? asked.model() : answer.model());
        ArrayNode content = message.putArray("content");
        // Thoughts first, calls last: the order that clients expect of servers that don't tell theirs.
        answer.content().stream().filter(Part.Thinking.class::isInstance).forEach(part -> add(content, part));
        answer.content().stream()
                .filter(part -> part instanceof Part.Text || part instanceof Part.Refusal)
                .forEach(part -> add(content, part));
        answer.content().stream().filter(Part.ToolCall.class::isInstance).forEach(part -> add(content, part));
        message.put("stop_reason", MessagesStops.write(answer.stop()));
        message.put("stop_sequence", answer.stopSequence());
        message.set("usage", usage(answer.usage()));
        return message;
    }

    private static void add(ArrayNode content, Part part) {
        switch (part) {
            case Part.Text text -> content.addObject().put("type", "text").put("text", text.text());
            case Part.Refusal text -> content.addObject().put("type", "text").put("text", text.text());
            case Part.Thinking thought ->
                content.addObject()
                        .put("type", "thinking")
                        .put("thinking", thought.text())
                        .put("signature", signature(thought.signature()));
            case Part.ToolCall call -> {
                ObjectNode block = content.addObject().put("type", "tool_use").put("id", call.id());
                block.put("name", call.name()).set("input", input(call.arguments()));
            }
            case Part.Image _, Part.Document _, Part.RedactedThinking _, Part.ToolResult _, Part.Foreign _ -> {
                // No answer holds these.
            }
        }
    }

    private static String signature(@Nullable String signature) {
        return signature == null ? MessagesStreamWriter.LOCAL_SIGNATURE : signature;
    }

    /// The arguments as an object; an empty one where they are none, since this format has no place for a text.
    static JsonNode input(String arguments) {
        JsonNode input = Json.treeOrNull(arguments);
        return input != null && input.isObject() ? input : Json.object();
    }

    private static ObjectNode usage(Usage usage) {
        return MessagesUsage.writeWhole(
                orZero(usage.inputTokens()), orZero(usage.outputTokens()), orZero(usage.cachedTokens()));
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
