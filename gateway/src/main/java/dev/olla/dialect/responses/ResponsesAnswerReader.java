package dev.olla.dialect.responses;

import dev.olla.dialect.AnswerBody;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Json;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Telling;
import dev.olla.dialect.Usage;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads an answer of Responses, streamed or whole.
public final class ResponsesAnswerReader implements AnswerReader {

    private final AnswerBody body = new AnswerBody();
    private final AnswerBody.Listener pieces = new Pieces();
    private final ResponsesOutput output = new ResponsesOutput();
    private final Telling events = new Telling();
    private boolean started;

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
        return events.skipped() + output.skipped();
    }

    private void event(String name, JsonNode event) {
        String type = event.path("type").asString(name);
        switch (type) {
            case "response.created", "response.in_progress", "response.queued" -> start(event.path("response"));
            case "response.completed", "response.incomplete", "response.failed" -> finish(event.path("response"));
            case "error" -> events.accept(failure(event.path("error").isObject() ? event.path("error") : event));
            default -> {
                if (event.path("error").isObject() && !event.has("type")) {
                    events.accept(BackendError.readInStream(event).event());
                    return;
                }
                start(event.path("response"));
                output.event(type, event, events);
            }
        }
    }

    private void start(JsonNode response) {
        if (started) {
            return;
        }
        started = true;
        JsonNode created = response.path("created_at");
        long time = created.isNumber() && created.canConvertToLong() ? created.asLong(0) : 0;
        events.accept(new AnswerEvent.Started(
                Json.textOrNull(response.path("id")), Json.textOrNull(response.path("model")), time));
    }

    private void finish(JsonNode response) {
        String status = response.path("status").asString("completed");
        if (status.equals("failed") || response.path("error").isObject()) {
            events.accept(failure(response.path("error")));
            return;
        }
        if (status.equals("cancelled") || status.equals("queued") || status.equals("in_progress")) {
            events.givenUp(status);
            return;
        }
        start(response);
        output.whole(response.path("output"), events);
        Usage usage = ResponsesUsage.read(response);
        if (usage != null) {
            events.accept(new AnswerEvent.Used(usage));
        }
        events.accept(new AnswerEvent.Finished(reason(status, response), null));
    }

    private StopReason reason(String status, JsonNode response) {
        if (status.equals("incomplete")) {
            String why = response.path("incomplete_details").path("reason").asString("");
            return why.equals("content_filter") ? StopReason.REFUSAL : StopReason.LENGTH;
        }
        if (output.refused()) {
            return StopReason.REFUSAL;
        }
        return output.calls() > 0 ? StopReason.TOOL_USE : StopReason.END;
    }

    /// `code` here is what other formats call the type.
    private static AnswerEvent.Failed failure(JsonNode error) {
        BackendError read = BackendError.readInStream(Json.object().set("error", error));
        String code = Json.textOrNull(error.path("code"));
        int status = code == null ? read.status() : status(code, read.status());
        return new AnswerEvent.Failed(status, code == null ? read.type() : code, read.message());
    }

    private static int status(String code, int otherwise) {
        return switch (code) {
            case "rate_limit_exceeded" -> 429;
            case "context_length_exceeded", "invalid_prompt" -> 400;
            default -> code.startsWith("invalid_") ? 400 : otherwise;
        };
    }

    /// What the body holds, as long as the answer isn't over.
    private final class Pieces implements AnswerBody.Listener {

        @Override
        public void event(String name, byte[] data, int offset, int length) {
            if (events.over()) {
                return;
            }
            JsonNode event = Json.treeOrNull(data, offset, length);
            if (event != null && event.isObject()) {
                ResponsesAnswerReader.this.event(name, event);
            } else if (!new String(data, offset, length, StandardCharsets.UTF_8)
                    .strip()
                    .equals("[DONE]")) {
                events.skip();
            }
        }

        @Override
        public void document(JsonNode document) {
            if (document.path("output").isArray() || document.path("status").isString()) {
                finish(document);
            } else if (document.path("error").isObject()
                    || document.path("error").isString()) {
                events.accept(BackendError.readInStream(document).event());
            } else {
                events.fail("the server's answer is no response");
            }
        }

        @Override
        public void unreadable(String why) {
            events.unreadable(why);
        }

        @Override
        public void end() {
            // An answer that says itself that it is complete has said so before.
        }
    }
}
