package dev.olla.dialect.anthropic;

import dev.olla.dialect.Json;
import dev.olla.http.FrameTooLong;
import dev.olla.http.SseReader;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts the events of a stream of messages together to the message that they stand for. Not safe for several
/// threads.
public final class MessageAssembly {

    private static final int LONGEST_EVENT = 64 << 20;

    private final SseReader events = new SseReader(LONGEST_EVENT);
    private final Consumer<ObjectNode> whole;
    private final Map<Integer, StringBuilder> texts = new HashMap<>();
    private @Nullable ObjectNode message;

    /// @param whole gets the message once it is complete; never where it isn't
    public MessageAssembly(Consumer<ObjectNode> whole) {
        this.whole = whole;
    }

    /// Takes the next bytes of the stream, however they are cut.
    public void read(byte[] bytes) {
        try {
            events.read(bytes, 0, bytes.length, (_, data, offset, length) -> {
                JsonNode event = Json.treeOrNull(data, offset, length);
                if (event != null) {
                    take(event);
                }
            });
        } catch (FrameTooLong _) {
            message = null;
        }
    }

    private void take(JsonNode event) {
        if (event.path("type").asString("").equals("message_start")
                && event.path("message") instanceof ObjectNode own) {
            message = own;
            return;
        }
        ObjectNode told = message;
        if (told == null || !(told.path("content") instanceof ArrayNode content)) {
            return;
        }
        int index = event.path("index").asInt(-1);
        switch (event.path("type").asString("")) {
            case "content_block_start" -> content.add(event.path("content_block"));
            case "content_block_delta" -> delta(content, index, event.path("delta"));
            case "content_block_stop" -> stop(content, index);
            case "message_delta" -> {
                event.path("delta").forEachEntry(told::set);
                if (told.path("usage") instanceof ObjectNode usage) {
                    event.path("usage").forEachEntry(usage::set);
                }
            }
            case "message_stop" -> {
                message = null;
                whole.accept(told);
            }
            case "error" -> message = null;
            default -> {
                // A ping, or nothing that belongs to the message.
            }
        }
    }

    private void delta(ArrayNode content, int index, JsonNode delta) {
        if (!(content.path(index) instanceof ObjectNode block)) {
            return;
        }
        switch (delta.path("type").asString("")) {
            case "text_delta" -> append(index, delta.path("text"));
            case "thinking_delta" -> append(index, delta.path("thinking"));
            case "input_json_delta" -> append(index, delta.path("partial_json"));
            case "signature_delta" -> block.set("signature", delta.path("signature"));
            default -> {
                // Nothing that a translated answer has.
            }
        }
    }

    private void append(int index, JsonNode text) {
        texts.computeIfAbsent(index, _ -> new StringBuilder()).append(text.asString(""));
    }

    private void stop(ArrayNode content, int index) {
        StringBuilder text = texts.remove(index);
        if (text == null || !(content.path(index) instanceof ObjectNode block)) {
            return;
        }
        switch (block.path("type").asString("")) {
            case "text" -> block.put("text", text.toString());
            case "thinking" -> block.put("thinking", text.toString());
            default -> block.set("input", MessagesDocumentWriter.input(text.toString()));
        }
    }
}
