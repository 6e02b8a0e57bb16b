package dev.olla.dialect.ollama;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.Asked;
import dev.olla.dialect.Json;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer as lines of JSON. Ollama's calls are whole objects, so they wait until the answer is over.
public final class OllamaStreamWriter implements AnswerWriter {

    /// How much of an answer's calls is held back, in characters; more than that is a failure.
    static final int LIMIT = 8 << 20;

    private final Asked asked;
    private final OllamaForm form;
    private final InstantSource clock;
    private final Instant begun;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private final Map<Integer, Call> calls = new LinkedHashMap<>();
    private String model;
    private Usage usage = Usage.UNKNOWN;
    private long held;
    private boolean over;

    /// @param begun when the request came: `total_duration` is counted from there
    public OllamaStreamWriter(Asked asked, OllamaForm form, InstantSource clock, Instant begun) {
        this.asked = asked;
        this.form = form;
        this.clock = clock;
        this.begun = begun;
        model = asked.model();
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

    /// Nothing: there is no line that clients would overlook.
    @Override
    public byte[] ping() {
        return new byte[0];
    }

    private void take(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Started first -> model = first.model() == null ? asked.model() : first.model();
            case AnswerEvent.Text text -> send(line().saying(text.text()));
            case AnswerEvent.Refusal text -> send(line().saying(text.text()));
            case AnswerEvent.Thinking text -> send(line().thinking(text.text()));
            case AnswerEvent.ThinkingSigned _ -> {
                // Ollama has no place for it.
            }
            case AnswerEvent.ToolCallStarted call -> calls.put(call.call(), new Call(call));
            case AnswerEvent.ToolArguments arguments -> hold(arguments);
            case AnswerEvent.Used used -> usage = used.usage();
            case AnswerEvent.Finished finished -> finish(finished.reason());
            case AnswerEvent.Failed failure -> fail(failure.message());
        }
    }

    private OllamaLine line() {
        return new OllamaLine(form, model, clock.instant());
    }

    private void hold(AnswerEvent.ToolArguments piece) {
        Call call = calls.get(piece.call());
        if (call == null) {
            return;
        }
        held += piece.fragment().length();
        if (held > LIMIT) {
            calls.clear();
            fail("the server's tool calls are too large to be held until they are whole");
            return;
        }
        call.arguments.append(piece.fragment());
    }

    private void finish(StopReason reason) {
        over = true;
        int index = 0;
        for (Call call : calls.values()) {
            ObjectNode arguments = OllamaMessageWriter.arguments(call.arguments.toString());
            send(line().calling(call.started.id(), index++, call.started.name(), arguments));
        }
        ObjectNode last = line().last(Json.object(), "", reason);
        if (reason != StopReason.LOADED && reason != StopReason.UNLOADED) {
            OllamaUsage.write(usage, Duration.between(begun, clock.instant()), last);
        }
        send(last);
    }

    private void fail(String message) {
        over = true;
        send(Json.object().put("error", message));
    }

    private void send(ObjectNode line) {
        out.writeBytes(Json.bytes(line));
        out.write('\n');
    }

    /// A call in the making.
    private static final class Call {
        private final AnswerEvent.ToolCallStarted started;
        private final StringBuilder arguments = new StringBuilder();

        Call(AnswerEvent.ToolCallStarted started) {
            this.started = started;
        }
    }
}
