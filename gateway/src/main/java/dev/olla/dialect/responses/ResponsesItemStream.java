package dev.olla.dialect.responses;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The items of one streamed response in the making, and the events that tell of them.
final class ResponsesItemStream {

    private enum Kind {
        NONE,
        TEXT,
        REFUSAL,
        THINKING,
        CALL
    }

    private final Identifiers identifiers;
    private final BiConsumer<String, ObjectNode> send;
    private final ArrayNode output = Json.object().putArray("output");
    private final StringBuilder text = new StringBuilder();
    private ArrayNode content = Json.object().putArray("content");
    private Kind open = Kind.NONE;
    private String id = "";
    private AnswerEvent.@Nullable ToolCallStarted call;
    private @Nullable String signature;
    private boolean refused;
    private long length;

    /// @param send takes the type and the fields of each event
    ResponsesItemStream(Identifiers identifiers, BiConsumer<String, ObjectNode> send) {
        this.identifiers = identifiers;
        this.send = send;
    }

    /// A copy of the items that are whole.
    ArrayNode output() {
        return output.deepCopy();
    }

    ArrayNode none() {
        return Json.object().putArray("output");
    }

    /// How much the items hold, in characters.
    long length() {
        return length;
    }

    boolean refused() {
        return refused;
    }

    void accept(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Text said -> said(Kind.TEXT, said.text());
            case AnswerEvent.Refusal said -> said(Kind.REFUSAL, said.text());
            case AnswerEvent.Thinking thought -> thought(thought.text());
            case AnswerEvent.ThinkingSigned signed -> signature = signed.signature();
            case AnswerEvent.ToolCallStarted started -> call(started);
            case AnswerEvent.ToolArguments arguments -> arguments(arguments.fragment());
            case AnswerEvent.Started _, AnswerEvent.Used _, AnswerEvent.Finished _, AnswerEvent.Failed _ -> {
                // The response's own.
            }
        }
    }

    private void said(Kind kind, String delta) {
        boolean message = open == Kind.TEXT || open == Kind.REFUSAL;
        if (!message) {
            close(true);
            id = identifiers.item("msg");
            content = Json.object().putArray("content");
            add(ResponsesDocumentWriter.message(id, "in_progress", none()));
        }
        if (open != kind) {
            closePart();
            open = kind;
            send.accept("response.content_part.added", part().set("part", ResponsesDocumentWriter.part(refuses(), "")));
        }
        refused |= kind == Kind.REFUSAL;
        append(delta);
        ObjectNode event = part().put("delta", delta);
        if (!refuses()) {
            event.putArray("logprobs");
        }
        send.accept(refuses() ? "response.refusal.delta" : "response.output_text.delta", event);
    }

    private boolean refuses() {
        return open == Kind.REFUSAL;
    }

    private void closePart() {
        if (open != Kind.TEXT && open != Kind.REFUSAL) {
            return;
        }
        String whole = text.toString();
        if (refuses()) {
            send.accept("response.refusal.done", part().put("refusal", whole));
        } else {
            ObjectNode done = part().put("text", whole);
            done.putArray("logprobs");
            send.accept("response.output_text.done", done);
        }
        ObjectNode part = ResponsesDocumentWriter.part(refuses(), whole);
        send.accept("response.content_part.done", part().set("part", part));
        content.add(part);
        text.setLength(0);
    }

    private void thought(String delta) {
        if (open != Kind.THINKING || signature != null) {
            close(true);
            id = identifiers.item("rs");
            open = Kind.THINKING;
            add(ResponsesDocumentWriter.reasoning(id, null, null));
            send.accept("response.reasoning_summary_part.added", summary("part", ResponsesDocumentWriter.summary("")));
        }
        append(delta);
        send.accept(
                "response.reasoning_summary_text.delta",
                item().put("summary_index", 0).put("delta", delta));
    }

    private ObjectNode summary(String field, ObjectNode value) {
        return item().put("summary_index", 0).set(field, value);
    }

    private void call(AnswerEvent.ToolCallStarted started) {
        close(true);
        id = identifiers.item("fc");
        open = Kind.CALL;
        call = started;
        add(ResponsesDocumentWriter.call(id, "in_progress", started, ""));
    }

    private void arguments(String fragment) {
        if (open == Kind.CALL && !fragment.isEmpty()) {
            append(fragment);
            send.accept("response.function_call_arguments.delta", item().put("delta", fragment));
        }
    }

    private void append(String piece) {
        text.append(piece);
        length += piece.length();
    }

    private void add(ObjectNode item) {
        send.accept("response.output_item.added", index().set("item", item));
    }

    private ObjectNode index() {
        return Json.object().put("output_index", output.size());
    }

    private ObjectNode item() {
        return Json.object().put("item_id", id).put("output_index", output.size());
    }

    private ObjectNode part() {
        return item().put("content_index", content.size());
    }

    /// Ends the item that is open.
    ///
    /// @param whole whether it is complete
    void close(boolean whole) {
        String status = whole ? "completed" : "incomplete";
        ObjectNode item = switch (open) {
            case NONE -> null;
            case TEXT, REFUSAL -> {
                closePart();
                yield ResponsesDocumentWriter.message(id, status, content);
            }
            case THINKING -> closeThought();
            case CALL -> closeCall(status);
        };
        open = Kind.NONE;
        signature = null;
        text.setLength(0);
        if (item != null) {
            send.accept("response.output_item.done", index().set("item", item));
            output.add(item);
        }
    }

    private ObjectNode closeThought() {
        String whole = text.toString();
        send.accept(
                "response.reasoning_summary_text.done",
                item().put("summary_index", 0).put("text", whole));
        send.accept("response.reasoning_summary_part.done", summary("part", ResponsesDocumentWriter.summary(whole)));
        return ResponsesDocumentWriter.reasoning(id, whole, signature);
    }

    private @Nullable ObjectNode closeCall(String status) {
        if (call == null) {
            return null;
        }
        String whole = text.isEmpty() ? "{}" : text.toString();
        ObjectNode done = item().put("name", call.name()).put("arguments", whole);
        send.accept("response.function_call_arguments.done", done);
        return ResponsesDocumentWriter.call(id, status, call, whole);
    }
}
