package dev.olla.dialect.openai;

import dev.olla.dialect.Answer;
import dev.olla.dialect.Asked;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.WholeAnswerWriter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a whole answer as a chat completion.
public final class ChatDocumentWriter implements WholeAnswerWriter {

    private final Identifiers identifiers;

    public ChatDocumentWriter(Identifiers identifiers) {
        this.identifiers = identifiers;
    }

    @Override
    public ObjectNode write(Answer answer, Asked asked) {
        boolean ours = answer.id() != null && answer.id().startsWith("chatcmpl");
        ObjectNode body = Json.object()
                .put("id", ours ? answer.id() : identifiers.completion())
                .put("object", "chat.completion")
                .put("created", answer.created() == 0 ? asked.time() : answer.created())
                .put("model", answer.model() == null ? asked.model() : answer.model());
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        choice.set("message", message(answer, asked));
        choice.putNull("logprobs");
        choice.put("finish_reason", ChatStops.write(answer.stop(), asked.legacyFunctions()));
        body.set("usage", ChatUsage.write(answer.usage()));
        return body;
    }

    private static ObjectNode message(Answer answer, Asked asked) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        ArrayNode calls = Json.object().putArray("calls");
        for (Part part : answer.content()) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Thinking thought -> thinking.append(thought.text());
                case Part.Refusal refused -> refusal.append(refused.text());
                case Part.ToolCall call -> calls.add(call(call));
                case Part.Image _, Part.Document _, Part.RedactedThinking _, Part.ToolResult _, Part.Foreign _ -> {
                    // No answer holds these.
                }
            }
        }
        ObjectNode message = Json.object().put("role", "assistant");
        message.put("content", text.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty()) ? null : text.toString());
        if (!thinking.isEmpty()) {
            message.put("reasoning_content", thinking.toString());
        }
        message.put("refusal", refusal.isEmpty() ? null : refusal.toString());
        if (!calls.isEmpty() && asked.legacyFunctions()) {
            message.set("function_call", calls.path(0).path("function"));
        } else if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }

    static ObjectNode call(Part.ToolCall call) {
        ObjectNode entry = Json.object().put("id", call.id()).put("type", "function");
        String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
        entry.putObject("function").put("name", call.name()).put("arguments", arguments);
        return entry;
    }
}
