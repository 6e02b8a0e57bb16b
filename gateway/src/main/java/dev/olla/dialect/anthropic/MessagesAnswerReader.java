package dev.olla.dialect.anthropic;

import dev.olla.dialect.AnswerBody;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Telling;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an answer of Messages, streamed or whole.
public final class MessagesAnswerReader implements AnswerReader {

    private final AnswerBody body = new AnswerBody();
    private final AnswerBody.Listener pieces = new Pieces();
    private final Identifiers identifiers;

    /// Numbers of calls by the index of their block.
    private final Map<Integer, Integer> calls = new HashMap<>();

    private final Telling events = new Telling();
    private MessagesUsage usage = MessagesUsage.UNKNOWN;
    private @Nullable String stop;
    private @Nullable String stopSequence;
    private int told;

    /// @param identifiers names calls that the server leaves without
    public MessagesAnswerReader(Identifiers identifiers) {
        this.identifiers = identifiers;
    }

    @Override
    public void read(byte[] bytes, int offset, int length, Consumer<AnswerEvent> to) {
        events.to(to);
        body.read(bytes, offset, length, pieces);
    }

    @Override
    public void end(Consumer<AnswerEvent> to) {
        events.to(to);
        body.end(pieces);
    }

    @Override
    public int skipped() {
        return events.skipped();
    }

    /// The type is told by the data; the name of the event says the same.
    private void event(JsonNode event) {
        switch (event.path("type").asString("")) {
            case "message_start" -> start(event.path("message"));
            case "content_block_start" -> block(event.path("index").asInt(0), event.path("content_block"));
            case "content_block_delta" -> delta(event.path("index").asInt(0), event.path("delta"));
            case "message_delta" -> ending(event.path("delta"), event.path("usage"));
            case "message_stop" -> finish();
            case "error" -> events.accept(BackendError.readInStream(event).event());
            case "content_block_stop", "ping" -> {
                // Nothing that another format would have to hear.
            }
            default -> unknown(event);
        }
    }

    private void unknown(JsonNode event) {
        if (event.has("error")) {
            events.accept(BackendError.readInStream(event).event());
        } else {
            events.skip();
        }
    }

    private void start(JsonNode message) {
        events.accept(new AnswerEvent.Started(
                Json.textOrNull(message.path("id")), Json.textOrNull(message.path("model")), 0));
        used(message.path("usage"));
    }

    private void used(JsonNode told) {
        if (told.isObject()) {
            usage = usage.and(told);
            events.accept(new AnswerEvent.Used(usage.usage()));
        }
    }

    private void block(int index, JsonNode block) {
        switch (block.path("type").asString("")) {
            case "text" -> say(block.path("text"));
            case "thinking" -> {
                think(block.path("thinking"));
                sign(block.path("signature"));
            }
            case "tool_use" -> call(index, block);
            default -> events.skip();
        }
    }

    private void say(JsonNode text) {
        String said = Json.textOrNull(text);
        if (said != null) {
            events.accept(new AnswerEvent.Text(said));
        }
    }

    private void think(JsonNode text) {
        String thought = Json.textOrNull(text);
        if (thought != null) {
            events.accept(new AnswerEvent.Thinking(thought));
        }
    }

    private void sign(JsonNode signature) {
        String signed = Json.textOrNull(signature);
        if (signed != null) {
            events.accept(new AnswerEvent.ThinkingSigned(signed));
        }
    }

    private void call(int index, JsonNode block) {
        int call = told++;
        calls.put(index, call);
        String id = Json.textOrNull(block.path("id"));
        events.accept(new AnswerEvent.ToolCallStarted(
                call,
                id == null ? identifiers.toolUse() : id,
                block.path("name").asString("")));
        if (!block.path("input").isEmpty()) {
            events.accept(new AnswerEvent.ToolArguments(call, Json.text(block.path("input"))));
        }
    }

    private void delta(int index, JsonNode delta) {
        switch (delta.path("type").asString("")) {
            case "text_delta" -> say(delta.path("text"));
            case "thinking_delta" -> think(delta.path("thinking"));
            case "signature_delta" -> sign(delta.path("signature"));
            case "input_json_delta" -> arguments(index, delta.path("partial_json"));
            default -> events.skip();
        }
    }

    private void arguments(int index, JsonNode fragment) {
        Integer call = calls.get(index);
        String piece = Json.textOrNull(fragment);
        if (call != null && piece != null) {
            events.accept(new AnswerEvent.ToolArguments(call, piece));
        }
    }

    private void ending(JsonNode message, JsonNode cost) {
        String reason = Json.textOrNull(message.path("stop_reason"));
        if (reason != null) {
            stop = reason;
            stopSequence = Json.textOrNull(message.path("stop_sequence"));
        }
        used(cost);
    }

    private void finish() {
        StopReason reason = stop == null ? StopReason.END : MessagesStops.read(stop);
        events.accept(new AnswerEvent.Finished(reason, stopSequence));
    }

    private void whole(JsonNode message) {
        if (message.has("error")) {
            events.accept(BackendError.readInStream(message).event());
            return;
        }
        if (!message.path("content").isArray()) {
            events.fail("no content in Anthropic response");
            return;
        }
        start(message);
        int index = 0;
        for (JsonNode block : message.path("content")) {
            block(index++, block);
        }
        ending(message, Json.object());
        finish();
    }

    /// What the body holds, as long as the answer isn't over.
    private final class Pieces implements AnswerBody.Listener {

        @Override
        public void event(String name, byte[] data, int offset, int length) {
            if (events.over()) {
                return;
            }
            JsonNode event = Json.treeOrNull(data, offset, length);
            if (event == null || !event.isObject()) {
                events.skip();
            } else {
                MessagesAnswerReader.this.event(event);
            }
        }

        @Override
        public void document(JsonNode document) {
            whole(document);
        }

        @Override
        public void unreadable(String why) {
            events.unreadable(why);
        }

        @Override
        public void end() {
            if (events.over()) {
                return;
            }
            if (stop != null) {
                finish();
            } else {
                events.brokenOff();
            }
        }
    }
}
