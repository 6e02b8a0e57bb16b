package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Messages as Anthropic's API writes them.
final class AnthropicDialect {

    private AnthropicDialect() {}

    static Answer messages(Backend backend, InferenceRequest request, SimulatedModel model) {
        Reply reply = backend.replyTo(request);
        if (!request.stream(false)) {
            ObjectNode body = message(request, model).set("content", blocks(reply, request));
            body.put("stop_reason", stopReason(reply)).putNull("stop_sequence");
            body.set("usage", usage(request, reply.pieces()));
            return new Answer.Composed(model, reply.pieces(), _ -> Json.bytes(body));
        }
        byte[] closing = closing(reply, index(reply)).getBytes(StandardCharsets.UTF_8);
        byte[] opening = opening(reply, request, model).getBytes(StandardCharsets.UTF_8);
        FrameTemplate piece = FrameTemplate.ofText(delta(reply, FrameTemplate.PIECE, index(reply)));
        return new Answer.Streamed(model, reply, Answer.EVENTS, new Answer.Frames(opening, piece, _ -> closing));
    }

    static Answer countTokens(InferenceRequest request) {
        return Answer.Sized.json(Json.object().put("input_tokens", request.promptTokens()));
    }

    private static String opening(Reply reply, InferenceRequest request, SimulatedModel model) {
        ObjectNode message = message(request, model).set("content", Json.array());
        message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(request, 1));
        StringBuilder opening = new StringBuilder()
                .append(event(Json.object().put("type", "message_start").set("message", message)));
        if (reply instanceof Reply.ToolCall last) {
            for (int i = 0; i < last.before().size(); i++) {
                Reply.ToolCall call = last.before().get(i);
                opening.append(start(call, request, i))
                        .append(delta(call, call.arguments(), i))
                        .append(stop(i));
            }
        }
        return opening.append(start(reply, request, index(reply)))
                .append(event(Json.object().put("type", "ping")))
                .toString();
    }

    /// Of the block that comes in pieces.
    private static int index(Reply reply) {
        return reply instanceof Reply.ToolCall call ? call.before().size() : 0;
    }

    private static String start(Reply reply, InferenceRequest request, int index) {
        ObjectNode start = Json.object().put("type", "content_block_start").put("index", index);
        return event(start.set("content_block", emptyBlock(reply, request, index)));
    }

    private static String delta(Reply reply, String piece, int index) {
        ObjectNode delta = switch (reply) {
            case Reply.Words _ -> Json.object().put("type", "text_delta").put("text", piece);
            case Reply.ToolCall _ ->
                Json.object().put("type", "input_json_delta").put("partial_json", piece);
        };
        return event(Json.object()
                .put("type", "content_block_delta")
                .put("index", index)
                .set("delta", delta));
    }

    private static String stop(int index) {
        return event(Json.object().put("type", "content_block_stop").put("index", index));
    }

    private static String closing(Reply reply, int index) {
        ObjectNode delta = Json.object().put("stop_reason", stopReason(reply)).putNull("stop_sequence");
        ObjectNode end = Json.object().put("type", "message_delta").set("delta", delta);
        end.set("usage", Json.object().put("output_tokens", reply.pieces()));
        return stop(index) + event(end) + event(Json.object().put("type", "message_stop"));
    }

    private static ObjectNode message(InferenceRequest request, SimulatedModel model) {
        return Json.object()
                .put("id", "msg_" + request.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model.name());
    }

    private static ArrayNode blocks(Reply reply, InferenceRequest request) {
        ArrayNode blocks = Json.array();
        if (reply instanceof Reply.ToolCall last) {
            last.before().forEach(call -> blocks.add(wholeBlock(call, request, blocks.size())));
        }
        return blocks.add(wholeBlock(reply, request, blocks.size()));
    }

    private static ObjectNode wholeBlock(Reply reply, InferenceRequest request, int index) {
        return switch (reply) {
            case Reply.Words words -> Json.object().put("type", "text").put("text", words.text());
            case Reply.ToolCall call ->
                toolBlock(call, request, index).set("input", Json.MAPPER.readTree(call.arguments()));
        };
    }

    private static ObjectNode emptyBlock(Reply reply, InferenceRequest request, int index) {
        return switch (reply) {
            case Reply.Words _ -> Json.object().put("type", "text").put("text", "");
            case Reply.ToolCall call -> toolBlock(call, request, index).set("input", Json.object());
        };
    }

    private static ObjectNode toolBlock(Reply.ToolCall call, InferenceRequest request, int index) {
        return Json.object()
                .put("type", "tool_use")
                .put("id", "toolu_" + request.id(index))
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
