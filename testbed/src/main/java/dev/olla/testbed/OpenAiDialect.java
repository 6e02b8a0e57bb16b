package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Chat completions, completions and embeddings as OpenAI's API writes them.
final class OpenAiDialect {

    private static final String DONE = "data: [DONE]\n\n";

    private OpenAiDialect() {}

    static Answer chat(Backend backend, InferenceRequest request, SimulatedModel model) {
        Reply reply = backend.replyTo(request);
        String id = "chatcmpl-" + request.id();
        if (!request.stream(false)) {
            ObjectNode choice = Json.object().put("index", 0);
            choice.set("message", message(reply, request));
            choice.put("finish_reason", finishReason(reply));
            return whole(request, model, reply, envelope(id, "chat.completion", model, choice));
        }
        String opening = chatChunk(id, model, openingDelta(reply, request), null);
        FrameTemplate piece = FrameTemplate.ofText(chatChunk(id, model, pieceDelta(reply), null));
        String closing = chatChunk(id, model, Json.object(), finishReason(reply));
        return stream(request, model, reply, new Chunks(id, "chat.completion.chunk", opening, piece, closing));
    }

    static Answer completion(Backend backend, InferenceRequest request, SimulatedModel model) {
        Reply.Words reply = Reply.Words.of(
                backend.name(),
                request.tokens(backend.pacing().tokens()),
                request.cutShort(backend.pacing().tokens()));
        String id = "cmpl-" + request.id();
        if (!request.stream(false)) {
            ObjectNode choice = textChoice(reply.text()).put("finish_reason", finishReason(reply));
            return whole(request, model, reply, envelope(id, "text_completion", model, choice));
        }
        ObjectNode pieceChoice = textChoice(FrameTemplate.PIECE).putNull("finish_reason");
        ObjectNode lastChoice = textChoice("").put("finish_reason", finishReason(reply));
        FrameTemplate piece = FrameTemplate.ofText(event(envelope(id, "text_completion", model, pieceChoice)));
        String closing = event(envelope(id, "text_completion", model, lastChoice));
        return stream(request, model, reply, new Chunks(id, "text_completion", "", piece, closing));
    }

    static Answer embeddings(InferenceRequest request, SimulatedModel model) {
        ArrayNode data = Json.array();
        for (String input : request.inputs()) {
            ObjectNode item = Json.object().put("object", "embedding").put("index", data.size());
            data.add(item.set("embedding", Embedding.of(input)));
        }
        ObjectNode body = Json.object().put("object", "list").set("data", data);
        body.put("model", model.name());
        body.set(
                "usage",
                Json.object().put("prompt_tokens", request.promptTokens()).put("total_tokens", request.promptTokens()));
        return new Answer.Composed(model, 0, _ -> Json.bytes(body));
    }

    private static Answer whole(InferenceRequest request, SimulatedModel model, Reply reply, ObjectNode body) {
        body.set("usage", usage(request, reply));
        return new Answer.Composed(model, reply.pieces(), _ -> Json.bytes(body));
    }

    private static Answer stream(InferenceRequest request, SimulatedModel model, Reply reply, Chunks chunks) {
        StringBuilder closing = new StringBuilder(chunks.closing());
        if (request.usageWanted()) {
            ObjectNode last = envelope(chunks.id(), chunks.object(), model).set("usage", usage(request, reply));
            closing.append(event(last));
        }
        byte[] ending = closing.append(DONE).toString().getBytes(StandardCharsets.UTF_8);
        byte[] opening = chunks.opening().getBytes(StandardCharsets.UTF_8);
        return new Answer.Streamed(
                model, reply, Answer.EVENTS, new Answer.Frames(opening, chunks.piece(), _ -> ending));
    }

    private static ObjectNode envelope(String id, String object, SimulatedModel model, JsonNode... choices) {
        ObjectNode body = Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", Backend.CREATED)
                .put("model", model.name());
        return body.set("choices", Json.array(choices));
    }

    private static String chatChunk(String id, SimulatedModel model, JsonNode delta, @Nullable String finish) {
        ObjectNode choice = Json.object().put("index", 0).set("delta", delta);
        choice.put("finish_reason", finish);
        return event(envelope(id, "chat.completion.chunk", model, choice));
    }

    private static ObjectNode message(Reply reply, InferenceRequest request) {
        ObjectNode message = Json.object().put("role", "assistant");
        return switch (reply) {
            case Reply.Words words -> message.put("content", words.text());
            case Reply.ToolCall call ->
                message.putNull("content")
                        .set(
                                "tool_calls",
                                callsBefore(call, request)
                                        .add(toolCall(
                                                call.tool(),
                                                call.arguments(),
                                                request,
                                                call.before().size())));
        };
    }

    private static ObjectNode openingDelta(Reply reply, InferenceRequest request) {
        ObjectNode delta = Json.object().put("role", "assistant");
        return switch (reply) {
            case Reply.Words _ -> delta.put("content", "");
            case Reply.ToolCall call -> {
                int index = call.before().size();
                ArrayNode calls = callsBefore(call, request).add(toolCall(call.tool(), "", request, index));
                for (int i = 0; i <= index; i++) {
                    ((ObjectNode) calls.get(i)).put("index", i);
                }
                yield delta.putNull("content").set("tool_calls", calls);
            }
        };
    }

    private static ObjectNode pieceDelta(Reply reply) {
        return switch (reply) {
            case Reply.Words _ -> Json.object().put("content", FrameTemplate.PIECE);
            case Reply.ToolCall made -> {
                ObjectNode call = Json.object().put("index", made.before().size());
                call.set("function", Json.object().put("arguments", FrameTemplate.PIECE));
                yield Json.object().set("tool_calls", Json.array(call));
            }
        };
    }

    private static ArrayNode callsBefore(Reply.ToolCall last, InferenceRequest request) {
        ArrayNode calls = Json.array();
        for (Reply.ToolCall call : last.before()) {
            calls.add(toolCall(call.tool(), call.arguments(), request, calls.size()));
        }
        return calls;
    }

    private static ObjectNode toolCall(String tool, String arguments, InferenceRequest request, int index) {
        ObjectNode call = Json.object().put("id", "call_" + request.id(index)).put("type", "function");
        return call.set("function", Json.object().put("name", tool).put("arguments", arguments));
    }

    private static ObjectNode textChoice(String text) {
        return Json.object().put("index", 0).put("text", text).putNull("logprobs");
    }

    private static String finishReason(Reply reply) {
        return switch (reply) {
            case Reply.Words words -> words.cutShort() ? "length" : "stop";
            case Reply.ToolCall _ -> "tool_calls";
        };
    }

    private static ObjectNode usage(InferenceRequest request, Reply reply) {
        return Json.object()
                .put("prompt_tokens", request.promptTokens())
                .put("completion_tokens", reply.pieces())
                .put("total_tokens", request.promptTokens() + reply.pieces());
    }

    private static String event(JsonNode data) {
        return "data: " + Json.text(data) + "\n\n";
    }

    /// The events of a stream as text.
    private record Chunks(String id, String object, String opening, FrameTemplate piece, String closing) {}
}
