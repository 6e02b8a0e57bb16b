package dev.olla.dialect.responses;

import dev.olla.dialect.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// What a response repeats of the request that it answers, so that clients need not remember.
///
/// @param request as the client sent it
public record ResponseFrame(JsonNode request) {

    private static final List<String> REPEATED = List.of(
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "previous_response_id",
            "prompt_cache_key",
            "safety_identifier",
            "temperature",
            "top_p",
            "user");

    /// The response as far as it goes.
    ///
    /// @param head what names it
    /// @param output the items that are whole
    ObjectNode write(Head head, String status, ArrayNode output) {
        ObjectNode response = Json.object()
                .put("id", head.id)
                .put("object", "response")
                .put("created_at", head.created)
                .put("status", status)
                .put("background", false)
                .putNull("error")
                .putNull("incomplete_details")
                .put("model", head.model);
        response.set("output", output);
        for (String field : REPEATED) {
            response.set(field, asked(field, NullNode.getInstance()));
        }
        response.set("metadata", asked("metadata", Json.object()));
        response.put("parallel_tool_calls", request.path("parallel_tool_calls").asBoolean(true));
        ObjectNode reasoning = response.putObject("reasoning");
        reasoning.put("effort", request.path("reasoning").path("effort").asString(null));
        reasoning.put("summary", request.path("reasoning").path("summary").asString(null));
        response.put("store", ResponsesRequestReader.keeps(request));
        response.set("text", text());
        response.set("tool_choice", asked("tool_choice", response.stringNode("auto")));
        response.set("tools", asked("tools", response.arrayNode()));
        response.set("truncation", asked("truncation", response.stringNode("disabled")));
        return response.putNull("usage");
    }

    private ObjectNode text() {
        ObjectNode text = request.path("text") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        if (!text.has("format")) {
            text.putObject("format").put("type", "text");
        }
        return text;
    }

    private JsonNode asked(String field, JsonNode otherwise) {
        JsonNode value = request.get(field);
        return value == null || value.isNull() ? otherwise : value;
    }

    /// What names a response.
    ///
    /// @param model as the server names it, else as the client does
    /// @param created in seconds since 1970
    record Head(String id, @Nullable String model, long created) {}
}
