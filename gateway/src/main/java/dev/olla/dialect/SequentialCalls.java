package dev.olla.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Puts interleaved tool calls one after the other, for formats that write one at a time.
///
/// The first call goes through as it comes. Whatever begins after it is held until the answer ends, since more of
/// the first call's arguments may come as long as it lasts. Not safe for several threads.
public final class SequentialCalls implements Consumer<AnswerEvent> {

    /// How much of an answer is held back, in characters; more than that is a failure.
    public static final int STANDARD_LIMIT = 8 << 20;

    private static final int NONE = -1;

    private final Consumer<AnswerEvent> next;
    private final int limit;
    private final List<AnswerEvent> held = new ArrayList<>();
    private final Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
    private int open = NONE;
    private long size;
    private boolean failed;

    /// @param next hears the events in their new order
    /// @param limit of what is held back, in characters
    public SequentialCalls(Consumer<AnswerEvent> next, int limit) {
        this.next = next;
        this.limit = limit;
    }

    @Override
    public void accept(AnswerEvent event) {
        if (failed) {
            return;
        }
        switch (event) {
            case AnswerEvent.ToolCallStarted call
            when open == NONE -> {
                open = call.call();
                next.accept(call);
            }
            case AnswerEvent.ToolArguments piece when piece.call() != open -> holdArguments(piece);
            case AnswerEvent.ToolCallStarted call -> {
                arguments.put(call.call(), new StringBuilder());
                hold(call, call.name().length());
            }
            case AnswerEvent.Text text
            when open != NONE -> hold(text, text.text().length());
            case AnswerEvent.Thinking text
            when open != NONE -> hold(text, text.text().length());
            case AnswerEvent.Refusal text
            when open != NONE -> hold(text, text.text().length());
            case AnswerEvent.ThinkingSigned text
            when open != NONE -> hold(text, text.signature().length());
            case AnswerEvent.Finished _ -> {
                release();
                next.accept(event);
            }
            default -> next.accept(event);
        }
    }

    private void holdArguments(AnswerEvent.ToolArguments piece) {
        StringBuilder text = arguments.get(piece.call());
        if (text != null) {
            text.append(piece.fragment());
            count(piece.fragment().length());
        }
    }

    private void hold(AnswerEvent event, int length) {
        held.add(event);
        count(length);
    }

    private void count(int length) {
        size += length;
        if (size > limit) {
            failed = true;
            held.clear();
            arguments.clear();
            next.accept(new AnswerEvent.Failed(502, null, "the server's tool calls are too large to be put in order"));
        }
    }

    private void release() {
        for (AnswerEvent event : held) {
            next.accept(event);
            if (event instanceof AnswerEvent.ToolCallStarted call) {
                String text = String.valueOf(arguments.get(call.call()));
                next.accept(new AnswerEvent.ToolArguments(call.call(), text));
            }
        }
        held.clear();
    }
}
