package dev.olla.dialect;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A whole answer.
///
/// @param id the server's name for it; null where it has none
/// @param model as the server names it; null where it doesn't
/// @param created in seconds since 1970; 0 where the server doesn't say
/// @param content thoughts, texts, refusals and tool calls in their order
/// @param stopSequence the text that ended it; null where none did or none is named
public record Answer(
        @Nullable String id,
        @Nullable String model,
        long created,
        List<Part> content,
        StopReason stop,
        @Nullable String stopSequence,
        Usage usage) {

    public Answer {
        content = List.copyOf(content);
    }

    /// Tells the answer as a stream would have.
    ///
    /// @param events hears it
    public void tell(Consumer<AnswerEvent> events) {
        events.accept(new AnswerEvent.Started(id, model, created));
        int calls = 0;
        for (Part part : content) {
            calls += tell(part, calls, events);
        }
        events.accept(new AnswerEvent.Used(usage));
        events.accept(new AnswerEvent.Finished(stop, stopSequence));
    }

    /// How many calls it was.
    private static int tell(Part part, int call, Consumer<AnswerEvent> events) {
        switch (part) {
            case Part.Text text -> events.accept(new AnswerEvent.Text(text.text()));
            case Part.Refusal refusal -> events.accept(new AnswerEvent.Refusal(refusal.text()));
            case Part.Thinking thinking -> {
                events.accept(new AnswerEvent.Thinking(thinking.text()));
                if (thinking.signature() != null) {
                    events.accept(new AnswerEvent.ThinkingSigned(thinking.signature()));
                }
            }
            case Part.ToolCall tool -> {
                events.accept(new AnswerEvent.ToolCallStarted(call, tool.id(), tool.name()));
                events.accept(new AnswerEvent.ToolArguments(call, tool.arguments()));
                return 1;
            }
            case Part.Image _, Part.Document _, Part.RedactedThinking _, Part.ToolResult _, Part.Foreign _ -> {
                // No answer holds these: nothing that makes one makes them.
            }
        }
        return 0;
    }
}
