package dev.olla.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Adds the events of an answer up. Not safe for several threads.
public final class AnswerCollector implements Consumer<AnswerEvent> {

    /// What became of it.
    public sealed interface Result {

        record Whole(Answer answer) implements Result {}

        record Broken(AnswerEvent.Failed failure) implements Result {}
    }

    private static final AnswerEvent.Failed UNFINISHED =
            new AnswerEvent.Failed(502, null, "the server ended its answer before it was complete");

    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Integer, Piece> calls = new LinkedHashMap<>();
    private AnswerEvent.Started started = new AnswerEvent.Started(null, null, 0);
    private Usage usage = Usage.UNKNOWN;
    private AnswerEvent.@Nullable Finished finished;
    private AnswerEvent.@Nullable Failed failed;

    @Override
    public void accept(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Started first -> started = first;
            case AnswerEvent.Text text -> append(Kind.TEXT, text.text());
            case AnswerEvent.Thinking thinking -> append(Kind.THINKING, thinking.text());
            case AnswerEvent.Refusal refusal -> append(Kind.REFUSAL, refusal.text());
            case AnswerEvent.ThinkingSigned signed -> sign(signed.signature());
            case AnswerEvent.ToolCallStarted call -> call(call);
            case AnswerEvent.ToolArguments arguments -> arguments(arguments);
            case AnswerEvent.Used used -> usage = used.usage();
            case AnswerEvent.Finished last -> finished = last;
            case AnswerEvent.Failed failure -> failed = failure;
        }
    }

    private void append(Kind kind, String text) {
        Piece last = pieces.isEmpty() ? null : pieces.getLast();
        if (last == null || last.kind != kind || last.signature != null) {
            last = new Piece(kind, null);
            pieces.add(last);
        }
        last.text.append(text);
    }

    private void sign(String signature) {
        if (!pieces.isEmpty() && pieces.getLast().kind == Kind.THINKING) {
            pieces.getLast().signature = signature;
        }
    }

    private void call(AnswerEvent.ToolCallStarted call) {
        Piece piece = new Piece(Kind.CALL, call);
        pieces.add(piece);
        calls.put(call.call(), piece);
    }

    private void arguments(AnswerEvent.ToolArguments arguments) {
        Piece piece = calls.get(arguments.call());
        if (piece != null) {
            piece.text.append(arguments.fragment());
        }
    }

    /// To be asked once all events have come.
    public Result result() {
        if (failed != null) {
            return new Result.Broken(failed);
        }
        if (finished == null) {
            return new Result.Broken(UNFINISHED);
        }
        List<Part> content = pieces.stream().map(Piece::part).toList();
        return new Result.Whole(new Answer(
                started.id(),
                started.model(),
                started.created(),
                content,
                finished.reason(),
                finished.stopSequence(),
                usage));
    }

    private enum Kind {
        TEXT,
        THINKING,
        REFUSAL,
        CALL
    }

    /// One part in the making.
    private static final class Piece {
        private final Kind kind;
        private final AnswerEvent.@Nullable ToolCallStarted call;
        private final StringBuilder text = new StringBuilder();
        private @Nullable String signature;

        Piece(Kind kind, AnswerEvent.@Nullable ToolCallStarted call) {
            this.kind = kind;
            this.call = call;
        }

        Part part() {
            if (call != null) {
                return new Part.ToolCall(call.id(), call.name(), text.toString());
            }
            return switch (kind) {
                case TEXT, CALL -> new Part.Text(text.toString());
                case REFUSAL -> new Part.Refusal(text.toString());
                case THINKING -> new Part.Thinking(text.toString(), signature, Extras.NONE);
            };
        }
    }
}
