package dev.olla.dialect.responses;

import dev.olla.dialect.AnswerEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The output items of one answer as they come. What came in pieces is not told again when it comes whole, and
/// what comes only whole is told then.
final class ResponsesOutput {

    private final Map<Integer, Item> items = new HashMap<>();
    private int calls;
    private boolean refused;
    private int skipped;

    /// How many calls have been told.
    int calls() {
        return calls;
    }

    boolean refused() {
        return refused;
    }

    /// How many pieces belonged to nothing.
    int skipped() {
        return skipped;
    }

    void event(String type, JsonNode event, Consumer<AnswerEvent> events) {
        Item item = items.computeIfAbsent(event.path("output_index").asInt(0), _ -> new Item());
        String delta = event.path("delta").asString("");
        switch (type) {
            case "response.output_item.added" -> begin(item, event.path("item"), events);
            case "response.output_text.delta" -> said(item, delta, events);
            case "response.refusal.delta" -> declined(item, delta, events);
            case "response.reasoning_text.delta" -> thought(item, Source.TEXT, event, delta, events);
            case "response.reasoning_summary_text.delta" -> thought(item, Source.SUMMARY, event, delta, events);
            case "response.function_call_arguments.delta" -> arguments(item, delta, events);
            case "response.output_item.done" -> end(item, event.path("item"), events);
            default -> {
                // What is done was told before; what is unknown has no word here.
            }
        }
    }

    /// The output of a response that is over.
    void whole(JsonNode output, Consumer<AnswerEvent> events) {
        int index = 0;
        for (JsonNode json : output) {
            Item item = items.computeIfAbsent(index++, _ -> new Item());
            end(item, json, events);
        }
    }

    private void begin(Item item, JsonNode json, Consumer<AnswerEvent> events) {
        String name = json.path("name").asString("");
        if (!json.path("type").asString("").equals("function_call") || item.call >= 0 || name.isEmpty()) {
            return;
        }
        item.call = calls++;
        String id = json.path("call_id").asString("");
        String other = json.path("id").asString("");
        String known = id.isEmpty() ? other : id;
        events.accept(new AnswerEvent.ToolCallStarted(item.call, known.isEmpty() ? "call_" + item.call : known, name));
    }

    private static void said(Item item, String text, Consumer<AnswerEvent> events) {
        if (!text.isEmpty()) {
            item.told = true;
            events.accept(new AnswerEvent.Text(text));
        }
    }

    private void declined(Item item, String text, Consumer<AnswerEvent> events) {
        if (!text.isEmpty()) {
            item.told = true;
            refused = true;
            events.accept(new AnswerEvent.Refusal(text));
        }
    }

    /// A thought and its summary are the same to other formats: whichever comes first is told.
    private static void thought(Item item, Source source, JsonNode event, String text, Consumer<AnswerEvent> events) {
        if (text.isEmpty() || (item.source != null && item.source != source)) {
            return;
        }
        item.source = source;
        String which = source == Source.TEXT ? "content_index" : "summary_index";
        int part = event.path(which).asInt(0);
        String between = item.told && part != item.part ? "\n\n" : "";
        item.part = part;
        item.told = true;
        events.accept(new AnswerEvent.Thinking(between + text));
    }

    private void arguments(Item item, String fragment, Consumer<AnswerEvent> events) {
        if (item.call < 0) {
            skipped++;
        } else if (!fragment.isEmpty()) {
            item.told = true;
            events.accept(new AnswerEvent.ToolArguments(item.call, fragment));
        }
    }

    private void end(Item item, JsonNode json, Consumer<AnswerEvent> events) {
        if (item.over) {
            return;
        }
        item.over = true;
        switch (json.path("type").asString("")) {
            case "message" -> message(item, json.path("content"), events);
            case "function_call" -> call(item, json, events);
            case "reasoning" -> reasoning(item, json, events);
            default -> {
                // An item of a tool that the server ran by itself.
            }
        }
    }

    private void message(Item item, JsonNode content, Consumer<AnswerEvent> events) {
        if (item.told) {
            return;
        }
        for (JsonNode part : content) {
            said(item, part.path("text").asString(""), events);
            declined(item, part.path("refusal").asString(""), events);
        }
    }

    private void call(Item item, JsonNode json, Consumer<AnswerEvent> events) {
        begin(item, json, events);
        if (!item.told) {
            arguments(item, json.path("arguments").asString(""), events);
        }
    }

    private static void reasoning(Item item, JsonNode json, Consumer<AnswerEvent> events) {
        if (!item.told) {
            boolean text = !json.path("content").isEmpty();
            int index = 0;
            for (JsonNode part : json.path(text ? "content" : "summary")) {
                String between = index++ == 0 ? "" : "\n\n";
                events.accept(
                        new AnswerEvent.Thinking(between + part.path("text").asString("")));
                item.told = true;
            }
        }
        String sealed = json.path("encrypted_content").asString("");
        if (item.told && !sealed.isEmpty()) {
            events.accept(new AnswerEvent.ThinkingSigned(sealed));
        }
    }

    private enum Source {
        TEXT,
        SUMMARY
    }

    /// One item in the making.
    private static final class Item {
        private int call = -1;
        private int part;
        private boolean told;
        private boolean over;
        private @Nullable Source source;
    }
}
