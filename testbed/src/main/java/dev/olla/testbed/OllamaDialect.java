package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Ollama's own chat, generate and embedding answers: lines of JSON, streamed unless the request says otherwise.
final class OllamaDialect {

    private OllamaDialect() {}

    static Answer chat(Backend backend, InferenceRequest request, SimulatedModel model) {
        if (request.empty()) {
            return loadOnly(backend, request, model, Json.object().set("message", message("")));
        }
        return switch (backend.replyTo(request)) {
            case Reply.Words words -> {
                ObjectNode whole = Json.object().set("message", message(words.text()));
                ObjectNode piece = Json.object().set("message", message(FrameTemplate.PIECE));
                ObjectNode last = Json.object().set("message", message(""));
                yield answer(request, model, words, new Bodies("", whole, piece, last));
            }
            case Reply.ToolCall call -> {
                ObjectNode piece = Json.object().set("message", toolMessage(call));
                ObjectNode whole = Json.object().set("message", filledToolMessage(call));
                ObjectNode last = Json.object().set("message", message(""));
                yield answer(request, model, call.whole(), new Bodies(linesBefore(call, model), whole, piece, last));
            }
        };
    }

    static Answer generate(Backend backend, InferenceRequest request, SimulatedModel model) {
        if (request.empty()) {
            return loadOnly(backend, request, model, Json.object().put("response", ""));
        }
        int usual = backend.pacing().tokens();
        Reply.Words words = Reply.Words.of(backend.name(), request.tokens(usual), request.cutShort(usual));
        ObjectNode whole = Json.object().put("response", words.text());
        ObjectNode piece = Json.object().put("response", FrameTemplate.PIECE);
        ObjectNode last = Json.object().put("response", "");
        return answer(request, model, words, new Bodies("", whole, piece, last));
    }

    static Answer embed(InferenceRequest request, SimulatedModel model) {
        ArrayNode vectors = Json.array();
        request.inputs().forEach(input -> vectors.add(Embedding.of(input)));
        return new Answer.Composed(
                model,
                0,
                timing -> Json.bytes(Json.object()
                        .put("model", model.name())
                        .set("embeddings", vectors)
                        .put("total_duration", timing.total())
                        .put("load_duration", timing.load())
                        .put("prompt_eval_count", request.promptTokens())));
    }

    static Answer embeddings(InferenceRequest request, SimulatedModel model) {
        ObjectNode body = Json.object().set("embedding", Embedding.of(request.lastUserText()));
        return new Answer.Composed(model, 0, _ -> Json.bytes(body));
    }

    /// A request without a prompt loads the model, or unloads it with `keep_alive: 0`.
    private static Answer loadOnly(
            Backend backend, InferenceRequest request, SimulatedModel model, ObjectNode content) {
        String reason = request.unloadWanted() ? "unload" : "load";
        ObjectNode body = head(model).setAll(content).put("done", true).put("done_reason", reason);
        if (request.unloadWanted()) {
            backend.slots().unload(model.name());
            return Answer.Sized.json(body);
        }
        return new Answer.Composed(model, 0, _ -> Json.bytes(body));
    }

    private static Answer answer(InferenceRequest request, SimulatedModel model, Reply reply, Bodies bodies) {
        if (!request.stream(true)) {
            Function<Timing, ObjectNode> whole = finished(request, model, reply, bodies.whole());
            return new Answer.Composed(model, reply.pieces(), timing -> Json.bytes(whole.apply(timing)));
        }
        String line = Json.text(head(model).setAll(bodies.piece()).put("done", false)) + "\n";
        FrameTemplate piece = reply instanceof Reply.ToolCall ? FrameTemplate.ofJson(line) : FrameTemplate.ofText(line);
        Function<Timing, ObjectNode> last = finished(request, model, reply, bodies.last());
        return new Answer.Streamed(
                model,
                reply,
                Answer.LINES,
                new Answer.Frames(
                        bodies.opening().getBytes(StandardCharsets.UTF_8),
                        piece,
                        timing -> (Json.text(last.apply(timing)) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static Function<Timing, ObjectNode> finished(
            InferenceRequest request, SimulatedModel model, Reply reply, ObjectNode content) {
        boolean cutShort = reply instanceof Reply.Words words && words.cutShort();
        return timing -> head(model)
                .setAll(content)
                .put("done", true)
                .put("done_reason", cutShort ? "length" : "stop")
                .put("total_duration", timing.total())
                .put("load_duration", timing.load())
                .put("prompt_eval_count", request.promptTokens())
                .put("prompt_eval_duration", timing.prompt())
                .put("eval_count", reply.pieces())
                .put("eval_duration", timing.generation());
    }

    private static ObjectNode head(SimulatedModel model) {
        return Json.object().put("model", model.name()).put("created_at", Backend.CREATED_TEXT);
    }

    private static ObjectNode message(String content) {
        return Json.object().put("role", "assistant").put("content", content);
    }

    private static ObjectNode toolMessage(Reply.ToolCall call) {
        ObjectNode function = Json.object()
                .put("index", call.before().size())
                .put("name", call.tool())
                .put("arguments", FrameTemplate.PIECE);
        return message("").set("tool_calls", Json.array(Json.object().set("function", function)));
    }

    private static ObjectNode filledToolMessage(Reply.ToolCall call) {
        ArrayNode calls = Json.array();
        call.before().forEach(earlier -> calls.add(filled(earlier, calls.size())));
        return message("").set("tool_calls", calls.add(filled(call, calls.size())));
    }

    private static ObjectNode filled(Reply.ToolCall call, int index) {
        ObjectNode function = Json.object().put("index", index).put("name", call.tool());
        function.set("arguments", Json.MAPPER.readTree(call.arguments()));
        return Json.object().set("function", function);
    }

    /// Each call has a line of its own.
    private static String linesBefore(Reply.ToolCall call, SimulatedModel model) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < call.before().size(); i++) {
            JsonNode calls = Json.array(filled(call.before().get(i), i));
            ObjectNode line = head(model).set("message", message("").set("tool_calls", calls));
            lines.append(Json.text(line.put("done", false))).append('\n');
        }
        return lines.toString();
    }

    /// What differs between chat and generate: the lines ahead of the pieces, and the content of a whole answer,
    /// of a piece, and of the last line.
    private record Bodies(String opening, ObjectNode whole, ObjectNode piece, ObjectNode last) {}
}
