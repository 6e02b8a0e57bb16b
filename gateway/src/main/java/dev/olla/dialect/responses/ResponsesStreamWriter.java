package dev.olla.dialect.responses;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.Asked;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.SequentialCalls;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer as the events of Responses: numbered from 0, one item open at a time. All of it is held, since
/// the last event repeats it.
public final class ResponsesStreamWriter implements AnswerWriter {

    /// How much of an answer is held, in characters; more than that is a failure.
    static final int LIMIT = 32 << 20;

    private static final byte[] COMMENT = ": waiting\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ResponseFrame frame;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    private final ResponsesItemStream items;
    private final SequentialCalls inOrder = new SequentialCalls(this::take, SequentialCalls.STANDARD_LIMIT);
    private ResponseFrame.Head head;
    private Usage usage = Usage.UNKNOWN;
    private @Nullable ObjectNode finished;
    private long sequence;
    private boolean started;
    private boolean over;

    /// @param frame what the response repeats of its request
    public ResponsesStreamWriter(Asked asked, ResponseFrame frame, Identifiers identifiers) {
        this.frame = frame;
        head = new ResponseFrame.Head(identifiers.response(), asked.model(), asked.time());
        items = new ResponsesItemStream(identifiers, this::send);
    }

    @Override
    public byte[] write(AnswerEvent event) {
        if (!over) {
            inOrder.accept(event);
        }
        byte[] written = out.toByteArray();
        out.reset();
        return written;
    }

    @Override
    public byte[] ping() {
        return COMMENT.clone();
    }

    /// The response as its last event told it: something to keep. Null before, and where it failed.
    public @Nullable ObjectNode finished() {
        return finished;
    }

    private void take(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Started first -> start(first);
            case AnswerEvent.Used used -> usage = used.usage();
            case AnswerEvent.Finished last -> finish(last.reason());
            case AnswerEvent.Failed failure -> fail(failure);
            case AnswerEvent.Text _,
                    AnswerEvent.Thinking _,
                    AnswerEvent.ThinkingSigned _,
                    AnswerEvent.Refusal _,
                    AnswerEvent.ToolCallStarted _,
                    AnswerEvent.ToolArguments _ -> {
                begin();
                items.accept(event);
                refuseMore();
            }
        }
    }

    private void refuseMore() {
        if (items.length() > LIMIT) {
            fail(new AnswerEvent.Failed(502, null, "the server's answer is too long to be repeated at its end"));
        }
    }

    private void start(AnswerEvent.Started first) {
        if (!started) {
            boolean ours = first.id() != null && first.id().startsWith("resp_");
            head = new ResponseFrame.Head(
                    ours ? String.valueOf(first.id()) : head.id(),
                    first.model() == null ? head.model() : first.model(),
                    first.created() == 0 ? head.created() : first.created());
        }
        begin();
    }

    private void begin() {
        if (started) {
            return;
        }
        started = true;
        send("response.created", Json.object().set("response", frame.write(head, "in_progress", items.none())));
        send("response.in_progress", Json.object().set("response", frame.write(head, "in_progress", items.none())));
    }

    private void finish(StopReason reason) {
        begin();
        ObjectNode ending = ResponsesDocumentWriter.ending(reason, items.refused());
        items.close(ending.isEmpty());
        over = true;
        ObjectNode response = frame.write(head, ending.isEmpty() ? "completed" : "incomplete", items.output());
        if (!ending.isEmpty()) {
            response.set("incomplete_details", ending);
        }
        response.set("usage", ResponsesUsage.write(usage));
        finished = response;
        send(
                ending.isEmpty() ? "response.completed" : "response.incomplete",
                Json.object().set("response", response));
    }

    /// Before anything was told there is no response that could fail.
    private void fail(AnswerEvent.Failed failure) {
        over = true;
        BackendError error = BackendError.of(failure.status(), failure.type(), null, failure.message());
        String code = code(error);
        if (!started) {
            send(
                    "error",
                    Json.object()
                            .put("code", code)
                            .put("message", error.message())
                            .putNull("param"));
            return;
        }
        ObjectNode response = frame.write(head, "failed", items.output());
        response.putObject("error").put("code", code).put("message", error.message());
        send("response.failed", Json.object().set("response", response));
    }

    private static String code(BackendError error) {
        if (error.overflow() != null) {
            return "context_length_exceeded";
        }
        if (error.status() == 429) {
            return "rate_limit_exceeded";
        }
        return error.status() < 500 ? "invalid_prompt" : "server_error";
    }

    private void send(String type, ObjectNode event) {
        ObjectNode numbered = Json.object().put("type", type).put("sequence_number", sequence++);
        numbered.setAll(event);
        out.writeBytes(("event: " + type + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Json.bytes(numbered));
        out.write('\n');
        out.write('\n');
    }
}
