package dev.olla.dialect.openai;

import dev.olla.dialect.AnswerBody;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Json;
import dev.olla.dialect.Telling;
import dev.olla.dialect.Usage;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an answer of legacy completions, streamed or whole.
public final class CompletionAnswerReader implements AnswerReader {

    private final AnswerBody body = new AnswerBody();
    private final AnswerBody.Listener pieces = new Pieces();
    private final Telling events = new Telling();
    private boolean started;
    private @Nullable String finish;

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

    private void chunk(JsonNode chunk) {
        JsonNode error = chunk.path("error");
        if (error.isObject() || error.isString()) {
            events.accept(BackendError.readInStream(chunk).event());
            return;
        }
        if (!started) {
            started = true;
            String model = chunk.path("model").asString("");
            long created = chunk.path("created").canConvertToLong()
                    ? chunk.path("created").asLong(0)
                    : 0;
            events.accept(new AnswerEvent.Started(null, model.isEmpty() ? null : model, created));
        }
        JsonNode choice = chunk.path("choices").path(0);
        String text = choice.path("text").asString("");
        if (!text.isEmpty()) {
            events.accept(new AnswerEvent.Text(text));
        }
        if (choice.path("finish_reason").isString()) {
            finish = choice.path("finish_reason").stringValue();
        }
        Usage usage = ChatUsage.read(chunk);
        if (usage != null) {
            events.accept(new AnswerEvent.Used(usage));
        }
    }

    private void finish() {
        if (events.over()) {
            return;
        }
        if (finish != null && ChatStops.isFailure(finish)) {
            events.givenUp(finish);
            return;
        }
        events.accept(new AnswerEvent.Finished(ChatStops.read(finish == null ? "stop" : finish), null));
    }

    /// What the body holds, as long as the answer isn't over.
    private final class Pieces implements AnswerBody.Listener {

        @Override
        public void event(String name, byte[] data, int offset, int length) {
            if (events.over()) {
                return;
            }
            JsonNode chunk = Json.treeOrNull(data, offset, length);
            if (chunk != null && chunk.isObject()) {
                chunk(chunk);
            } else if (new String(data, offset, length, StandardCharsets.UTF_8)
                    .strip()
                    .equals("[DONE]")) {
                finish();
            } else {
                events.skip();
            }
        }

        @Override
        public void document(JsonNode document) {
            if (!document.path("choices").path(0).has("text") && !document.has("error")) {
                events.fail("no choices in OpenAI response");
                return;
            }
            chunk(document);
            finish();
        }

        @Override
        public void unreadable(String why) {
            events.unreadable(why);
        }

        @Override
        public void end() {
            if (finish != null) {
                finish();
            }
        }
    }
}
