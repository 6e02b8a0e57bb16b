package dev.olla.dialect.openai;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tool calls of one answer, gathered from pieces in which servers leave out what they like.
///
/// A call is told once its id and its name are known; without an id, when something else begins or the answer ends.
final class ChatCalls {

    private final Identifiers identifiers;
    private final Map<Integer, Call> open = new HashMap<>();
    private final List<Call> unnamed = new ArrayList<>();
    private int told;
    private int dropped;

    ChatCalls(Identifiers identifiers) {
        this.identifiers = identifiers;
    }

    /// How many calls have been told.
    int told() {
        return told;
    }

    /// How many calls never got a name.
    int dropped() {
        return dropped;
    }

    /// @param calls `tool_calls` of a delta or of a whole message
    void read(JsonNode calls, Consumer<AnswerEvent> events) {
        int position = 0;
        for (JsonNode call : calls) {
            JsonNode index = call.path("index");
            read(index.isInt() ? index.intValue() : position, call, events);
            position++;
        }
    }

    /// The one call of the time before there were tools.
    void readLegacy(JsonNode function, Consumer<AnswerEvent> events) {
        Call call = open.computeIfAbsent(0, _ -> begin(events));
        take(call, function, events);
    }

    private void read(int index, JsonNode piece, Consumer<AnswerEvent> events) {
        String id = Json.textOrNull(piece.path("id"));
        Call call = open.get(index);
        if (call == null || call.isOther(id)) {
            call = begin(events);
            open.put(index, call);
        }
        if (call.id == null) {
            call.id = id;
        }
        take(call, piece.path("function"), events);
    }

    private Call begin(Consumer<AnswerEvent> events) {
        settle(events);
        Call call = new Call();
        unnamed.add(call);
        return call;
    }

    private void take(Call call, JsonNode function, Consumer<AnswerEvent> events) {
        if (call.name == null) {
            call.name = Json.textOrNull(function.path("name"));
        }
        String fragment = arguments(function.path("arguments"));
        if (call.number >= 0) {
            tell(call.number, fragment, events);
            return;
        }
        call.pending.append(fragment);
        if (call.id != null && call.name != null) {
            tell(call, call.id, call.name, events);
        }
    }

    private static String arguments(JsonNode node) {
        if (node.isString()) {
            return node.stringValue();
        }
        return node.isObject() ? Json.text(node) : "";
    }

    private void tell(Call call, String id, String name, Consumer<AnswerEvent> events) {
        unnamed.remove(call);
        call.number = told++;
        events.accept(new AnswerEvent.ToolCallStarted(call.number, id, name));
        tell(call.number, call.pending.toString(), events);
        call.pending.setLength(0);
    }

    private static void tell(int number, String fragment, Consumer<AnswerEvent> events) {
        if (!fragment.isEmpty()) {
            events.accept(new AnswerEvent.ToolArguments(number, fragment));
        }
    }

    /// Tells the calls that have a name but no id, under an id made up.
    void settle(Consumer<AnswerEvent> events) {
        for (Call call : List.copyOf(unnamed)) {
            if (call.name != null && call.id == null) {
                call.madeUp = true;
                call.id = identifiers.toolUse();
                tell(call, call.id, call.name, events);
            }
        }
    }

    /// The answer is over.
    void end(Consumer<AnswerEvent> events) {
        settle(events);
        dropped += unnamed.size();
        unnamed.clear();
    }

    /// One call in the making.
    private static final class Call {
        private final StringBuilder pending = new StringBuilder();
        private @Nullable String id;
        private @Nullable String name;
        private boolean madeUp;
        private int number = -1;

        /// Whether such an id can't be this call's.
        boolean isOther(@Nullable String given) {
            return given != null && id != null && !madeUp && !given.equals(id);
        }
    }
}
