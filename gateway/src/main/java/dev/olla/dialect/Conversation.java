package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client asks of a model, whichever format it was written in.
///
/// The hub of translation: every format has one reader that makes a conversation of a request and one writer that
/// makes a request of a conversation, so that N formats need N of each. A writer is told what it can't carry by
/// the types: it refuses with the name of the field rather than drop it.
///
/// @param model as the client spelled it
/// @param messages in their order, system messages included
/// @param user who asks, as the client names its own user; null where it doesn't say
/// @param stream whether the client wants the answer in pieces
/// @param extras fields that this model has no word for
public record Conversation(
        String model,
        List<Message> messages,
        ToolUse tools,
        Sampling sampling,
        OutputFormat output,
        Reasoning reasoning,
        @Nullable String user,
        boolean stream,
        Extras extras) {

    public Conversation {
        messages = List.copyOf(messages);
    }

    /// The format in which it was asked; null where no reader made it.
    public @Nullable Dialect origin() {
        return extras.dialect();
    }

    /// Where the client finds the message in its request, for messages that name a field.
    ///
    /// Anthropic's `system` and the `instructions` of Responses are fields of their own, and the first message
    /// here.
    public String place(int message) {
        String list = origin() == Dialect.RESPONSES ? "input" : "messages";
        boolean apart = startsApart();
        if (apart && message == 0) {
            return origin() == Dialect.RESPONSES ? "instructions" : "system";
        }
        return list + '[' + (apart ? message - 1 : message) + ']';
    }

    /// Whether the first message is one that the format keeps in a field of its own.
    public boolean startsApart() {
        boolean keeps = origin() == Dialect.ANTHROPIC || origin() == Dialect.RESPONSES;
        if (messages.isEmpty() || !keeps) {
            return false;
        }
        Message first = messages.getFirst();
        return first.role() == Message.Role.SYSTEM && first.extras().fields().isEmpty();
    }

    /// The last message in which the user, and not just a tool, speaks: what comes after it the model is still at
    /// work on. -1 where there is none.
    public int lastQuestion() {
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            if (message.role() == Message.Role.USER
                    && message.parts().stream().noneMatch(Part.ToolResult.class::isInstance)) {
                return i;
            }
        }
        return -1;
    }
}
