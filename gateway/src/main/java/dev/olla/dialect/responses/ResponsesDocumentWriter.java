package dev.olla.dialect.responses;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.Asked;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.WholeAnswerWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a whole answer as a response.
public final class ResponsesDocumentWriter implements WholeAnswerWriter {

    private final ResponseFrame frame;
    private final Identifiers identifiers;

    /// @param frame what the response repeats of its request
    public ResponsesDocumentWriter(ResponseFrame frame, Identifiers identifiers) {
        this.frame = frame;
        this.identifiers = identifiers;
    }

    @Override
    public ObjectNode write(Answer answer, Asked asked) {
        boolean ours = answer.id() != null && answer.id().startsWith("resp_");
        ResponseFrame.Head head = new ResponseFrame.Head(
                ours ? String.valueOf(answer.id()) : identifiers.response(),
                answer.model() == null ? asked.model() : answer.model(),
                answer.created() == 0 ? asked.time() : answer.created());
        boolean refused = answer.content().stream().anyMatch(Part.Refusal.class::isInstance);
        ObjectNode ending = ending(answer.stop(), refused);
        boolean complete = ending.isEmpty();
        ArrayNode output = output(answer.content(), complete);
        ObjectNode response = frame.write(head, complete ? "completed" : "incomplete", output);
        if (!complete) {
            response.set("incomplete_details", ending);
        }
        response.set("usage", ResponsesUsage.write(answer.usage()));
        return response;
    }

    /// Texts and refusals in a row are one message. What was cut off is the last item.
    private ArrayNode output(List<Part> parts, boolean complete) {
        ArrayNode output = Json.object().putArray("output");
        ArrayNode said = null;
        for (int i = 0; i < parts.size(); i++) {
            String status = complete || i < parts.size() - 1 ? "completed" : "incomplete";
            ObjectNode spoken = spoken(parts.get(i));
            if (spoken == null) {
                said = null;
                add(output, parts.get(i), status);
            } else if (said == null) {
                said = Json.object().putArray("content").add(spoken);
                output.add(message(identifiers.item("msg"), status, said));
            } else {
                said.add(spoken);
                ((ObjectNode) output.path(output.size() - 1)).put("status", status);
            }
        }
        return output;
    }

    private static @Nullable ObjectNode spoken(Part part) {
        if (part instanceof Part.Text text) {
            return part(false, text.text());
        }
        return part instanceof Part.Refusal refusal ? part(true, refusal.text()) : null;
    }

    private void add(ArrayNode output, Part part, String status) {
        switch (part) {
            case Part.Thinking thought ->
                output.add(reasoning(identifiers.item("rs"), thought.text(), thought.signature()));
            case Part.ToolCall call -> {
                AnswerEvent.ToolCallStarted started = new AnswerEvent.ToolCallStarted(0, call.id(), call.name());
                String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
                output.add(call(identifiers.item("fc"), status, started, arguments));
            }
            case Part.Text _,
                    Part.Refusal _,
                    Part.Image _,
                    Part.Document _,
                    Part.RedactedThinking _,
                    Part.ToolResult _,
                    Part.Foreign _ -> {
                // Texts are written before; no answer holds the others.
            }
        }
    }

    /// Why a response is incomplete; empty where it is complete. A refusal in words is complete.
    static ObjectNode ending(StopReason reason, boolean refused) {
        return switch (reason) {
            case LENGTH -> Json.object().put("reason", "max_output_tokens");
            case REFUSAL -> refused ? Json.object() : Json.object().put("reason", "content_filter");
            case END, STOP_SEQUENCE, TOOL_USE, LOADED, UNLOADED -> Json.object();
        };
    }

    static ObjectNode message(String id, String status, ArrayNode content) {
        ObjectNode item = Json.object().put("id", id).put("type", "message").put("status", status);
        item.put("role", "assistant").set("content", content);
        return item;
    }

    /// A part of a message.
    static ObjectNode part(boolean refusal, String text) {
        if (refusal) {
            return Json.object().put("type", "refusal").put("refusal", text);
        }
        ObjectNode part = Json.object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    /// Clients know thoughts by their summary.
    ///
    /// @param text null where there is none yet
    /// @param signature null where there is none
    static ObjectNode reasoning(String id, @Nullable String text, @Nullable String signature) {
        ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
        ArrayNode summary = item.putArray("summary");
        if (text != null) {
            summary.add(summary(text));
        }
        return signature == null ? item : item.put("encrypted_content", signature);
    }

    static ObjectNode summary(String text) {
        return Json.object().put("type", "summary_text").put("text", text);
    }

    static ObjectNode call(String id, String status, AnswerEvent.ToolCallStarted call, String arguments) {
        return Json.object()
                .put("id", id)
                .put("type", "function_call")
                .put("status", status)
                .put("arguments", arguments)
                .put("call_id", call.id())
                .put("name", call.name());
    }
}
