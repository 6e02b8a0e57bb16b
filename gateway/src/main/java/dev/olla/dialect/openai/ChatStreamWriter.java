package dev.olla.dialect.openai;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.Asked;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer as the chunks of Chat Completions. A failure is an object with `error`, and no `[DONE]` comes
/// after it.
public final class ChatStreamWriter implements AnswerWriter {

    private static final byte[] PREFIX = ascii("data: ");
    private static final byte[] SUFFIX = ascii("\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final byte[] COMMENT = ascii(": waiting\n\n");

    private final Asked asked;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private String id;
    private String model;
    private long created;
    private Usage usage = Usage.UNKNOWN;
    private boolean started;
    private boolean over;

    public ChatStreamWriter(Asked asked, Identifiers identifiers) {
        this.asked = asked;
        id = identifiers.completion();
        model = asked.model();
        created = asked.time();
    }

    @Override
    public byte[] write(AnswerEvent event) {
        if (!over) {
            take(event);
        }
        byte[] written = out.toByteArray();
        out.reset();
        return written;
    }

    @Override
    public byte[] ping() {
        return COMMENT.clone();
    }

    private void take(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Started first -> start(first);
            case AnswerEvent.Text text -> delta(Json.object().put("content", text.text()));
            case AnswerEvent.Thinking text -> delta(Json.object().put("reasoning_content", text.text()));
            case AnswerEvent.Refusal text -> delta(Json.object().put("refusal", text.text()));
            case AnswerEvent.ToolCallStarted call -> call(call);
            case AnswerEvent.ToolArguments arguments -> arguments(arguments);
            case AnswerEvent.ThinkingSigned _ -> {
                // Chat Completions has no place for it.
            }
            case AnswerEvent.Used used -> usage = used.usage();
            case AnswerEvent.Finished finished -> finish(finished);
            case AnswerEvent.Failed failure -> fail(failure);
        }
    }

    private void start(AnswerEvent.Started first) {
        id = first.id() == null || !first.id().startsWith("chatcmpl") ? id : first.id();
        model = first.model() == null ? model : first.model();
        created = first.created() == 0 ? created : first.created();
        begin();
    }

    /// The first chunk tells who speaks.
    private void begin() {
        if (!started) {
            started = true;
            chunk(Json.object().put("role", "assistant").put("content", ""), null);
        }
    }

    private void call(AnswerEvent.ToolCallStarted call) {
        ObjectNode delta = Json.object();
        if (asked.legacyFunctions()) {
            delta.putObject("function_call").put("name", call.name()).put("arguments", "");
        } else {
            ObjectNode entry = delta.putArray("tool_calls").addObject();
            entry.put("index", call.call()).put("id", call.id()).put("type", "function");
            entry.putObject("function").put("name", call.name()).put("arguments", "");
        }
        delta(delta);
    }

    private void arguments(AnswerEvent.ToolArguments arguments) {
        if (arguments.fragment().isEmpty()) {
            return;
        }
        ObjectNode delta = Json.object();
        if (asked.legacyFunctions()) {
            delta.putObject("function_call").put("arguments", arguments.fragment());
        } else {
            ObjectNode entry = delta.putArray("tool_calls").addObject().put("index", arguments.call());
            entry.putObject("function").put("arguments", arguments.fragment());
        }
        delta(delta);
    }

    private void delta(ObjectNode delta) {
        begin();
        chunk(delta, null);
    }

    private void chunk(ObjectNode delta, @Nullable String finish) {
        ObjectNode chunk = frame();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        if (asked.usageWanted()) {
            chunk.putNull("usage");
        }
        send(chunk);
    }

    private ObjectNode frame() {
        return Json.object()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }

    private void finish(AnswerEvent.Finished finished) {
        over = true;
        begin();
        chunk(Json.object(), ChatStops.write(finished.reason(), asked.legacyFunctions()));
        if (asked.usageWanted()) {
            ObjectNode last = frame();
            last.putArray("choices");
            last.set("usage", ChatUsage.write(usage));
            send(last);
        }
        out.writeBytes(DONE);
    }

    private void fail(AnswerEvent.Failed failure) {
        over = true;
        send(BackendError.of(failure.status(), failure.type(), null, failure.message())
                .openAi());
    }

    private void send(ObjectNode json) {
        out.writeBytes(PREFIX);
        out.writeBytes(Json.bytes(json));
        out.writeBytes(SUFFIX);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
