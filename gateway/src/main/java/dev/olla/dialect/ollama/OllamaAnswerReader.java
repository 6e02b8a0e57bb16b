package dev.olla.dialect.ollama;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Telling;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads an answer of `/api/chat` or `/api/generate`, streamed or whole.
public final class OllamaAnswerReader implements AnswerReader {

    private final OllamaLines body = new OllamaLines();
    private final OllamaLines.Listener pieces = new Pieces();
    private final Identifiers identifiers;
    private final Telling events = new Telling();
    private boolean started;
    private int calls;

    /// @param identifiers names calls that the server leaves without
    public OllamaAnswerReader(Identifiers identifiers) {
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
        events.brokenOff();
    }

    @Override
    public int skipped() {
        return events.skipped();
    }

    private void piece(JsonNode piece) {
        JsonNode error = piece.path("error");
        if (error.isString() || error.isObject()) {
            events.accept(BackendError.readInStream(piece).event());
            return;
        }
        if (!piece.has("message") && !piece.has("response") && !piece.has("done")) {
            events.skip();
            return;
        }
        start(piece);
        JsonNode message = piece.path("message");
        content(message.isObject() ? message : piece, message.isObject() ? "content" : "response");
        if (piece.path("done").asBoolean(false)) {
            finish(piece);
        }
    }

    private void start(JsonNode piece) {
        if (started) {
            return;
        }
        started = true;
        events.accept(
                new AnswerEvent.Started(null, Json.textOrNull(piece.path("model")), created(piece.path("created_at"))));
    }

    private static long created(JsonNode time) {
        try {
            return OffsetDateTime.parse(time.asString("")).toEpochSecond();
        } catch (DateTimeException _) {
            return 0;
        }
    }

    private void content(JsonNode said, String field) {
        String thought = Json.textOrNull(said.path("thinking"));
        if (thought != null) {
            events.accept(new AnswerEvent.Thinking(thought));
        }
        String text = Json.textOrNull(said.path(field));
        if (text != null) {
            events.accept(new AnswerEvent.Text(text));
        }
        for (JsonNode call : said.path("tool_calls")) {
            call(call);
        }
    }

    private void call(JsonNode call) {
        JsonNode function = call.path("function");
        String name = Json.textOrNull(function.path("name"));
        if (name == null) {
            events.skip();
            return;
        }
        String id = Json.textOrNull(call.path("id"));
        events.accept(new AnswerEvent.ToolCallStarted(calls, id == null ? identifiers.toolUse() : id, name));
        JsonNode arguments = function.path("arguments");
        String written = arguments.isObject() ? Json.text(arguments) : arguments.asString("{}");
        events.accept(new AnswerEvent.ToolArguments(calls++, written.isBlank() ? "{}" : written));
    }

    private void finish(JsonNode last) {
        events.accept(new AnswerEvent.Used(OllamaUsage.read(last)));
        events.accept(new AnswerEvent.Finished(reason(last.path("done_reason").asString("")), null));
    }

    private StopReason reason(String word) {
        return switch (word) {
            case "length" -> StopReason.LENGTH;
            case "load" -> StopReason.LOADED;
            case "unload" -> StopReason.UNLOADED;
            default -> calls > 0 ? StopReason.TOOL_USE : StopReason.END;
        };
    }

    /// What the body holds, as long as the answer isn't over.
    private final class Pieces implements OllamaLines.Listener {

        @Override
        public void object(JsonNode object) {
            if (!events.over()) {
                piece(object);
            }
        }

        @Override
        public void skipped() {
            events.skip();
        }

        @Override
        public void unreadable(String why) {
            events.unreadable(why);
        }
    }
}
