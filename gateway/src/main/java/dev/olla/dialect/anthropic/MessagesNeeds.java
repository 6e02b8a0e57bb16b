package dev.olla.dialect.anthropic;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a Messages request uses that some servers of that format can't do. Pure; safe for all threads.
public final class MessagesNeeds {

    private MessagesNeeds() {}

    /// The names of the limitations that the request would run into, as profiles have them.
    ///
    /// @param request the whole body
    public static Set<String> of(JsonNode request) {
        Set<String> limitations = new HashSet<>();
        JsonNode tools = request.path("tools");
        if (tools.isArray() && !tools.isEmpty()) {
            limitations.add("no_tool_use");
        }
        if (request.has("thinking")) {
            limitations.add("no_extended_thinking");
        }
        for (JsonNode message : request.path("messages")) {
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asString("").equals("image")) {
                    limitations.add("no_vision");
                }
            }
        }
        return limitations;
    }
}
