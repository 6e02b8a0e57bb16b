package dev.olla.dialect.ollama;

import dev.olla.dialect.Answer;
import dev.olla.dialect.Asked;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import dev.olla.dialect.WholeAnswerWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a whole answer as one JSON object.
public final class OllamaDocumentWriter implements WholeAnswerWriter {

    private final OllamaForm form;
    private final InstantSource clock;
    private final Instant begun;

    /// @param begun when the request came: `total_duration` is counted from there
    public OllamaDocumentWriter(OllamaForm form, InstantSource clock, Instant begun) {
        this.form = form;
        this.clock = clock;
        this.begun = begun;
    }

    /// The answer to a request that only loads or unloads a model.
    ///
    /// @param model as the client spelled it
    public ObjectNode residency(String model, boolean loaded) {
        StopReason reason = loaded ? StopReason.LOADED : StopReason.UNLOADED;
        Answer nothing = new Answer(null, model, 0, List.of(), reason, null, Usage.UNKNOWN);
        return write(nothing, new Asked(model, 0, false, false, 0));
    }

    @Override
    public ObjectNode write(Answer answer, Asked asked) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        ArrayNode calls = Json.object().putArray("calls");
        for (Part part : answer.content()) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Refusal refused -> text.append(refused.text());
                case Part.Thinking thought -> thinking.append(thought.text());
                case Part.ToolCall call -> calls.add(call(call, calls.size()));
                case Part.Image _, Part.Document _, Part.RedactedThinking _, Part.ToolResult _, Part.Foreign _ -> {
                    // No answer holds these.
                }
            }
        }
        ObjectNode more = Json.object();
        if (!thinking.isEmpty()) {
            more.put("thinking", thinking.toString());
        }
        if (!calls.isEmpty()) {
            more.set("tool_calls", calls);
        }
        Instant now = clock.instant();
        String model = answer.model() == null ? asked.model() : answer.model();
        ObjectNode body = new OllamaLine(form, model, now).last(more, text.toString(), answer.stop());
        if (answer.stop() != StopReason.LOADED && answer.stop() != StopReason.UNLOADED) {
            OllamaUsage.write(answer.usage(), Duration.between(begun, now), body);
        }
        return body;
    }

    private static ObjectNode call(Part.ToolCall call, int index) {
        return OllamaLine.call(call.id(), index, call.name(), OllamaMessageWriter.arguments(call.arguments()));
    }
}
