package dev.olla.dialect.openai;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `tools` of Chat Completions as they were read, `functions` of older clients among them.
///
/// @param unknownChoice whether `tool_choice` is one that only this dialect has
record ChatTools(ToolUse use, boolean unknownChoice) {

    static ChatTools read(JsonFields request) throws BadRequest {
        List<Tool> tools = new ArrayList<>();
        for (JsonFields tool : request.objects("tools")) {
            tools.add(tool(tool));
        }
        for (JsonFields function : request.objects("functions")) {
            tools.add(function(function, new Extras(Dialect.OPENAI, Map.of())));
        }
        JsonNode legacy = request.any("function_call");
        JsonNode chosen = request.any("tool_choice");
        JsonNode choice = chosen == null ? legacy : chosen;
        ToolChoice known = choice == null ? null : choice(choice);
        Boolean parallel = request.flag("parallel_tool_calls");
        return new ChatTools(new ToolUse(tools, known, parallel), choice != null && known == null);
    }

    private static Tool tool(JsonFields tool) throws BadRequest {
        String type = tool.text("type");
        if (type != null && !type.equals("function")) {
            String name = tool.node().path(type).path("name").asString(type);
            return new Tool.BuiltIn(Dialect.OPENAI, type, name, tool.node(), null, false);
        }
        JsonFields function = tool.object("function");
        if (function == null) {
            throw tool.missing("function");
        }
        return function(function, tool.extras(Dialect.OPENAI));
    }

    private static Tool function(JsonFields function, Extras extras) throws BadRequest {
        String name = function.requiredText("name");
        if (name.isEmpty()) {
            throw function.missing("name");
        }
        JsonFields parameters = function.object("parameters");
        return new Tool.Function(
                name,
                function.text("description"),
                parameters == null ? null : parameters.node(),
                function.flag("strict"),
                extras);
    }

    /// Null for one that only this dialect has.
    private static @Nullable ToolChoice choice(JsonNode choice) throws BadRequest {
        if (choice.isString()) {
            return word(choice.stringValue());
        }
        if (!choice.isObject()) {
            throw JsonFields.wrongType("tool_choice", "a string or an object", choice);
        }
        boolean legacy = !choice.has("type") && choice.path("name").isString();
        JsonNode name = legacy ? choice.path("name") : choice.path("function").path("name");
        if (legacy || choice.path("type").asString("").equals("function")) {
            if (!name.isString()) {
                throw BadRequest.invalid("tool_choice.function.name", "tool_choice.function.name is required");
            }
            return new ToolChoice.Named(name.stringValue());
        }
        return null;
    }

    private static ToolChoice word(String word) throws BadRequest {
        return switch (word) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Any();
            default ->
                throw BadRequest.invalid("tool_choice", "tool_choice must be auto, none, required or a function");
        };
    }
}
