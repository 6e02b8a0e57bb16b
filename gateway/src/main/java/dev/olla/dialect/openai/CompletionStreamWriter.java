package dev.olla.dialect.openai;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.Asked;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer as the chunks of legacy completions, which have room for text only; [#whole] writes all of it.
public final class CompletionStreamWriter implements AnswerWriter {

    private final Asked asked;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private final String id;
    private String model;
    private long created;
    private Usage usage = Usage.UNKNOWN;
    private boolean over;

    public CompletionStreamWriter(Asked asked, Identifiers identifiers) {
        this.asked = asked;
        id = "cmpl-" + identifiers.unique();
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
        return ": waiting\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    private void take(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Started first -> start(first.model(), first.created());
            case AnswerEvent.Text text -> chunk(text.text(), null);
            case AnswerEvent.Refusal text -> chunk(text.text(), null);
            case AnswerEvent.Thinking _,
                    AnswerEvent.ThinkingSigned _,
                    AnswerEvent.ToolCallStarted _,
                    AnswerEvent.ToolArguments _ -> {
                // Legacy completions have no place for them.
            }
            case AnswerEvent.Used used -> usage = used.usage();
            case AnswerEvent.Finished finished -> finish(finished);
            case AnswerEvent.Failed failure -> fail(failure);
        }
    }

    private void start(@Nullable String named, long time) {
        model = named == null ? model : named;
        created = time == 0 ? created : time;
    }

    private void finish(AnswerEvent.Finished finished) {
        over = true;
        chunk("", ChatStops.write(finished.reason(), false));
        if (asked.usageWanted()) {
            ObjectNode last = frame();
            last.putArray("choices");
            last.set("usage", ChatUsage.write(usage));
            send(last);
        }
        out.writeBytes("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void chunk(String text, @Nullable String finish) {
        ObjectNode chunk = frame();
        choice(chunk, text, finish);
        send(chunk);
    }

    private ObjectNode frame() {
        return Json.object()
                .put("id", id)
                .put("object", "text_completion")
                .put("created", created)
                .put("model", model);
    }

    private static void choice(ObjectNode body, String text, @Nullable String finish) {
        body.putArray("choices")
                .addObject()
                .put("text", text)
                .put("index", 0)
                .putNull("logprobs")
                .put("finish_reason", finish);
    }

    /// The whole answer as one document.
    public ObjectNode whole(Answer answer) {
        StringBuilder text = new StringBuilder();
        for (Part part : answer.content()) {
            if (part instanceof Part.Text said) {
                text.append(said.text());
            } else if (part instanceof Part.Refusal said) {
                text.append(said.text());
            }
        }
        start(answer.model(), answer.created());
        ObjectNode body = frame();
        choice(body, text.toString(), ChatStops.write(answer.stop(), false));
        body.set("usage", ChatUsage.write(answer.usage()));
        return body;
    }

    private void fail(AnswerEvent.Failed failure) {
        over = true;
        send(BackendError.of(failure.status(), failure.type(), null, failure.message())
                .openAi());
    }

    private void send(ObjectNode json) {
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Json.bytes(json));
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    }
}
