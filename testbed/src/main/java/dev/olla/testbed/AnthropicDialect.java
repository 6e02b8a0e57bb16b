package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Messages as Anthropic's API writes them.
final class AnthropicDialect {

    private AnthropicDialect() {}

    static Answer messages(Backend backend, InferenceRequest request, SimulatedModel model) {
        Reply reply = backend.replyTo(request);
        if (!request.stream(false)) {
            ObjectNode body = message(request, model).set("content", Json.array(wholeBlock(reply, request)));
            body.put("stop_reason", stopReason(reply)).putNull("stop_sequence");
            body.set("usage", usage(request, reply.pieces()));
            return new Answer.Composed(model, reply.pieces(), _ -> Json.bytes(body));
        }
        byte[] closing = closing(reply).getBytes(StandardCharsets.UTF_8);
        byte[] opening = opening(reply, request, model).getBytes(StandardCharsets.UTF_8);
        FrameTemplate piece = FrameTemplate.ofText(delta(reply));
        return new Answer.Streamed(model, reply, Answer.EVENTS, new Answer.Frames(opening, piece, _ -> closing));
    }

    static Answer countTokens(InferenceRequest request) {
        return Answer.Sized.json(Json.object().put("input_tokens", request.promptTokens()));
    }

    private static String opening(Reply reply, InferenceRequest request, SimulatedModel model) {
        ObjectNode message = message(request, model).set("content", Json.array());
        message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(request, 1));
        ObjectNode block = Json.object().put("type", "content_block_start").put("index", 0);
        return event(Json.object().put("type", "message_start").set("message", message))
                + event(block.set("content_block", emptyBlock(reply, request)))
                + event(Json.object().put("type", "ping"));
    }

    private static String delta(Reply reply) {
        ObjectNode delta = switch (reply) {
            case Reply.Words _ -> Json.object().put("type", "text_delta").put("text", FrameTemplate.PIECE);
            case Reply.ToolCall _ ->
                Json.object().put("type", "input_json_delta").put("partial_json", FrameTemplate.PIECE);
        };
        return event(
                Json.object().put("type", "content_block_delta").put("index", 0).set("delta", delta));
    }

    private static String closing(Reply reply) {
        ObjectNode delta = Json.object().put("stop_reason", stopReason(reply)).putNull("stop_sequence");
        ObjectNode end = Json.object().put("type", "message_delta").set("delta", delta);
        end.set("usage", Json.object().put("output_tokens", reply.pieces()));
        return event(Json.object().put("type", "content_block_stop").put("index", 0))
                + event(end)
                + event(Json.object().put("type", "message_stop"));
    }

    private static ObjectNode message(InferenceRequest request, SimulatedModel model) {
        return Json.object()
                .put("id", "msg_" + request.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model.name());
    }

    private static ObjectNode wholeBlock(Reply reply, InferenceRequest request) {
        return switch (reply) {
            case Reply.Words words -> Json.object().put("type", "text").put("text", words.text());
            case Reply.ToolCall call -> toolBlock(call, request).set("input", Json.MAPPER.readTree(call.arguments()));
        };
    }

    private static ObjectNode emptyBlock(Reply reply, InferenceRequest request) {
        return switch (reply) {
            case Reply.Words _ -> Json.object().put("type", "text").put("text", "");
            case Reply.ToolCall call -> toolBlock(call, request).set("input", Json.object());
        };
    }

    private static ObjectNode toolBlock(Reply.ToolCall call, InferenceRequest request) {
        return Json.object()
                .put("type", "tool_use")
                .put("id", "toolu_" + request.id())
                .put("name", call.tool());
    }

    private static String stopReason(Reply reply) {
        return switch (reply) {
            case Reply.Words words -> words.cutShort() ? "max_tokens" : "end_turn";
            case Reply.ToolCall _ -> "tool_use";
        };
    }

    private static ObjectNode usage(InferenceRequest request, int outputTokens) {
        return Json.object().put("input_tokens", request.promptTokens()).put("output_tokens", outputTokens);
    }

    private static String event(ObjectNode data) {
        return "event: " + data.get("type").asString() + "\ndata: " + Json.text(data) + "\n\n";
    }
}
