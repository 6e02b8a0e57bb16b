package dev.olla.dialect.openai;

import dev.olla.dialect.AnswerBody;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Telling;
import dev.olla.dialect.Usage;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an answer of Chat Completions, streamed or whole, from OpenAI and from the servers that are like it.
public final class ChatAnswerReader implements AnswerReader {

    private static final String DONE = "[DONE]";

    private final AnswerBody body = new AnswerBody();
    private final ChatCalls calls;
    private final AnswerBody.Listener pieces = new Pieces();
    private final Telling events = new Telling();
    private boolean started;
    private boolean refused;
    private @Nullable String finish;
    private @Nullable String stopSequence;

    /// @param identifiers names calls that the server leaves without
    public ChatAnswerReader(Identifiers identifiers) {
        calls = new ChatCalls(identifiers);
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
        return events.skipped() + calls.dropped();
    }

    private void chunk(byte[] data, int offset, int length) {
        if (isDone(data, offset, length)) {
            finish();
            return;
        }
        JsonNode chunk = Json.treeOrNull(data, offset, length);
        if (chunk == null || !chunk.isObject()) {
            events.skip();
            return;
        }
        if (isFailure(chunk)) {
            events.accept(BackendError.readInStream(chunk).event());
            return;
        }
        start(chunk);
        used(chunk);
        JsonNode choice = chunk.path("choices").path(0);
        content(choice.path(choice.has("delta") ? "delta" : "message"));
        ending(choice);
    }

    private static boolean isDone(byte[] data, int offset, int length) {
        if (length < DONE.length() || data[offset] != '[') {
            return false;
        }
        return new String(data, offset, length, StandardCharsets.UTF_8).strip().equals(DONE);
    }

    private static boolean isFailure(JsonNode chunk) {
        JsonNode error = chunk.path("error");
        return error.isObject() || error.isString();
    }

    private void start(JsonNode chunk) {
        if (started) {
            return;
        }
        started = true;
        long created =
                chunk.path("created").canConvertToLong() ? chunk.path("created").asLong(0) : 0;
        events.accept(new AnswerEvent.Started(
                Json.textOrNull(chunk.path("id")), Json.textOrNull(chunk.path("model")), created));
    }

    private void used(JsonNode chunk) {
        Usage usage = ChatUsage.read(chunk);
        if (usage != null) {
            events.accept(new AnswerEvent.Used(usage));
        }
    }

    private void content(JsonNode delta) {
        String reasoning = Json.textOrNull(delta.path("reasoning"));
        String thought = reasoning == null ? Json.textOrNull(delta.path("reasoning_content")) : reasoning;
        if (thought != null) {
            events.accept(new AnswerEvent.Thinking(thought));
        }
        said(delta.path("content"));
        String refusal = Json.textOrNull(delta.path("refusal"));
        if (refusal != null) {
            refused = true;
            events.accept(new AnswerEvent.Refusal(refusal));
        }
        if (delta.path("tool_calls").isArray()) {
            calls.read(delta.path("tool_calls"), events);
        } else if (delta.path("function_call").isObject()) {
            calls.readLegacy(delta.path("function_call"), events);
        }
    }

    /// A text, or a list of parts as some servers write it.
    private void said(JsonNode content) {
        String said = Json.textOrNull(content);
        if (content.isArray()) {
            for (JsonNode part : content) {
                said(part.path("text"));
            }
        } else if (said != null) {
            events.accept(new AnswerEvent.Text(said));
        } else if (!content.isMissingNode() && !content.isNull() && !content.isString()) {
            events.skip();
        }
    }

    /// vLLM and SGLang name the text that ended the answer, each by a field of its own.
    private void ending(JsonNode choice) {
        String word = Json.textOrNull(choice.path("finish_reason"));
        finish = word == null ? finish : word;
        String byVllm = Json.textOrNull(choice.path("stop_reason"));
        String named = byVllm == null ? Json.textOrNull(choice.path("matched_stop")) : byVllm;
        stopSequence = named == null ? stopSequence : named;
    }

    private void finish() {
        if (events.over()) {
            return;
        }
        if (finish != null && ChatStops.isFailure(finish)) {
            events.givenUp(finish);
            return;
        }
        calls.end(events);
        StopReason reason = reason();
        boolean named = reason == StopReason.STOP_SEQUENCE;
        events.accept(new AnswerEvent.Finished(reason, named ? stopSequence : null));
    }

    private StopReason reason() {
        StopReason reason = finish == null ? StopReason.END : ChatStops.read(finish);
        if (reason != StopReason.END) {
            return reason;
        }
        if (refused) {
            return StopReason.REFUSAL;
        }
        if (calls.told() > 0) {
            return StopReason.TOOL_USE;
        }
        return stopSequence == null ? StopReason.END : StopReason.STOP_SEQUENCE;
    }

    private void whole(JsonNode document) {
        if (isFailure(document)) {
            events.accept(BackendError.readInStream(document).event());
            return;
        }
        JsonNode choice = document.path("choices").path(0);
        if (!choice.path("message").isObject()) {
            events.fail("no choices in OpenAI response");
            return;
        }
        start(document);
        content(choice.path("message"));
        ending(choice);
        used(document);
        finish();
    }

    /// What the body holds, as long as the answer isn't over.
    private final class Pieces implements AnswerBody.Listener {

        @Override
        public void event(String name, byte[] data, int offset, int length) {
            if (!events.over()) {
                chunk(data, offset, length);
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
            if (finish != null) {
                finish();
            } else {
                events.brokenOff();
            }
        }
    }
}
