package dev.olla.dialect.ollama;

import dev.olla.dialect.Json;
import dev.olla.dialect.StopReason;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// One line of an answer in the making.
///
/// @param time when it is written
record OllamaLine(OllamaForm form, String model, Instant time) {

    /// A line that says something.
    ObjectNode saying(String text) {
        return with(Json.object(), text).put("done", false);
    }

    ObjectNode thinking(String text) {
        return with(Json.object().put("thinking", text), "").put("done", false);
    }

    /// A line with one call.
    ///
    /// @param index of the call within the answer
    ObjectNode calling(String id, int index, String name, ObjectNode arguments) {
        ObjectNode more = Json.object();
        more.putArray("tool_calls").add(call(id, index, name, arguments));
        return with(more, "").put("done", false);
    }

    /// One of an answer's calls. By their index clients tell calls apart that come in lines of their own.
    static ObjectNode call(String id, int index, String name, ObjectNode arguments) {
        ObjectNode call = Json.object().put("id", id);
        call.putObject("function").put("index", index).put("name", name).set("arguments", arguments);
        return call;
    }

    /// The last line of an answer.
    ///
    /// @param more `thinking` and `tool_calls`, where the answer is whole
    ObjectNode last(ObjectNode more, String text, StopReason reason) {
        return with(more, text).put("done", true).put("done_reason", word(reason));
    }

    private ObjectNode with(ObjectNode more, String text) {
        ObjectNode line = Json.object().put("model", model).put("created_at", time.toString());
        if (form == OllamaForm.GENERATE) {
            line.put("response", text);
            line.setAll(more);
        } else {
            ObjectNode message = line.putObject("message");
            message.put("role", "assistant").put("content", text).setAll(more);
        }
        return line;
    }

    private static String word(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, TOOL_USE, REFUSAL -> "stop";
            case LENGTH -> "length";
            case LOADED -> "load";
            case UNLOADED -> "unload";
        };
    }
}
