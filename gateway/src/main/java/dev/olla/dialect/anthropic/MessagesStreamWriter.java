package dev.olla.dialect.anthropic;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.Asked;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.SequentialCalls;
import dev.olla.dialect.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer as the events of Messages: one block open at a time, numbered from 0 in their order.
public final class MessagesStreamWriter implements AnswerWriter {

    /// Stands for a signature where the server gave none. Clients only send it back, and nobody reads it.
    static final String LOCAL_SIGNATURE = "bG9jYWw=";

    private enum Block {
        NONE,
        TEXT,
        THINKING,
        TOOL
    }

    private final Asked asked;
    private final Identifiers identifiers;
    private final SequentialCalls inOrder = new SequentialCalls(this::take, SequentialCalls.STANDARD_LIMIT);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private Block open = Block.NONE;
    private int index = -1;
    private Usage usage = Usage.UNKNOWN;
    private long textBytes;
    private @Nullable String signature;
    private boolean started;
    private boolean over;

    public MessagesStreamWriter(Asked asked, Identifiers identifiers) {
        this.asked = asked;
        this.identifiers = identifiers;
    }

    @Override
    public byte[] write(AnswerEvent event) {
        if (!over) {
            inOrder.accept(event);
        }
        return written();
    }

    /// The first one opens the stream too, with the model's name as the client spelled it.
    @Override
    public byte[] ping() {
        if (!over) {
            start(null);
            send("ping", event("ping"));
        }
        return written();
    }

    private byte[] written() {
        byte[] written = out.toByteArray();
        out.reset();
        return written;
    }

    private void take(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Started first -> start(first.model());
            case AnswerEvent.Text text -> text(text.text());
            case AnswerEvent.Refusal text -> text(text.text());
            case AnswerEvent.Thinking text -> thinking(text.text());
            case AnswerEvent.ThinkingSigned signed -> signature = signed.signature();
            case AnswerEvent.ToolCallStarted call -> call(call);
            case AnswerEvent.ToolArguments arguments -> arguments(arguments.fragment());
            case AnswerEvent.Used used -> usage = used.usage();
            case AnswerEvent.Finished finished -> finish(finished);
            case AnswerEvent.Failed failure -> fail(failure);
        }
    }

    private void start(@Nullable String model) {
        if (started) {
            return;
        }
        started = true;
        ObjectNode event = event("message_start");
        ObjectNode message = event.putObject("message")
                .put("id", identifiers.message())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model == null ? asked.model() : model);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", MessagesUsage.writeWhole(asked.inputTokens(), 0, 0));
        send("message_start", event);
    }

    private void text(String text) {
        if (open != Block.TEXT) {
            open(Block.TEXT, Json.object().put("type", "text").put("text", ""));
        }
        textBytes += utf8Length(text);
        delta(Json.object().put("type", "text_delta").put("text", text));
    }

    private void thinking(String text) {
        if (open != Block.THINKING || signature != null) {
            open(Block.THINKING, Json.object().put("type", "thinking").put("thinking", ""));
        }
        textBytes += utf8Length(text);
        delta(Json.object().put("type", "thinking_delta").put("thinking", text));
    }

    private void call(AnswerEvent.ToolCallStarted call) {
        ObjectNode block =
                Json.object().put("type", "tool_use").put("id", call.id()).put("name", call.name());
        block.putObject("input");
        open(Block.TOOL, block);
    }

    private void arguments(String fragment) {
        if (open == Block.TOOL && !fragment.isEmpty()) {
            delta(Json.object().put("type", "input_json_delta").put("partial_json", fragment));
        }
    }

    private void open(Block block, ObjectNode content) {
        start(null);
        close();
        open = block;
        index++;
        ObjectNode event = event("content_block_start").put("index", index);
        event.set("content_block", content);
        send("content_block_start", event);
    }

    private void delta(ObjectNode delta) {
        ObjectNode event = event("content_block_delta").put("index", index);
        event.set("delta", delta);
        send("content_block_delta", event);
    }

    private void close() {
        if (open == Block.NONE) {
            signature = null;
            return;
        }
        if (open == Block.THINKING) {
            String signed = signature == null ? LOCAL_SIGNATURE : signature;
            delta(Json.object().put("type", "signature_delta").put("signature", signed));
        }
        signature = null;
        open = Block.NONE;
        send("content_block_stop", event("content_block_stop").put("index", index));
    }

    private void finish(AnswerEvent.Finished finished) {
        start(null);
        close();
        over = true;
        ObjectNode event = event("message_delta");
        event.putObject("delta")
                .put("stop_reason", MessagesStops.write(finished.reason()))
                .put("stop_sequence", finished.stopSequence());
        event.set("usage", cost());
        send("message_delta", event);
        send("message_stop", event("message_stop"));
    }

    /// What the server told, else an estimate.
    private ObjectNode cost() {
        long input = usage.inputTokens() == null ? asked.inputTokens() : usage.inputTokens();
        long cached = usage.cachedTokens() == null ? 0 : usage.cachedTokens();
        long output = usage.outputTokens() == null ? 0 : usage.outputTokens();
        long guessed = textBytes == 0 ? 0 : Math.max(1, textBytes / 4);
        return MessagesUsage.write(input, output == 0 ? guessed : output, cached);
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next >= 0x80) {
                length += next < 0x800 || Character.isSurrogate(next) ? 1 : 2;
            }
        }
        return length;
    }

    private void fail(AnswerEvent.Failed failure) {
        over = true;
        BackendError error = BackendError.of(failure.status(), failure.type(), null, failure.message());
        send("error", error.anthropic(null));
    }

    private static ObjectNode event(String type) {
        return Json.object().put("type", type);
    }

    private void send(String name, ObjectNode data) {
        out.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Json.bytes(data));
        out.write('\n');
        out.write('\n');
    }
}
