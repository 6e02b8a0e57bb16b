package dev.olla.dialect.anthropic;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.ToolUse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `tools` and `tool_choice` of Messages.
final class MessagesTools {

    private static final String NO_NAME =
            "failed to convert tool_choice: tool_choice type 'tool' requires 'name' field";

    private MessagesTools() {}

    static ToolUse read(JsonFields request) throws BadRequest {
        List<Tool> tools = new ArrayList<>();
        for (JsonFields tool : request.objects("tools")) {
            tools.add(tool(tool));
        }
        JsonNode choice = request.any("tool_choice");
        if (tools.isEmpty()) {
            return ToolUse.NONE;
        }
        if (choice == null) {
            return new ToolUse(tools, null, null);
        }
        Boolean alone =
                choice.isObject() ? JsonFields.of(choice, "tool_choice").flag("disable_parallel_tool_use") : null;
        return new ToolUse(tools, choice(choice), alone == null ? null : (Boolean) !alone);
    }

    private static Tool tool(JsonFields tool) throws BadRequest {
        String type = tool.text("type");
        String name = tool.text("name");
        if (type != null && !type.equals("custom")) {
            return builtIn(type, name == null ? type : name, tool.node());
        }
        if (name == null || name.isEmpty()) {
            throw tool.missing("name");
        }
        JsonNode schema = tool.any("input_schema");
        if (schema != null && !schema.isObject()) {
            throw JsonFields.wrongType(tool.path("input_schema"), "an object", schema);
        }
        String description = tool.text("description");
        Boolean strict = tool.flag("strict");
        return new Tool.Function(name, description, schema, strict, tool.extras(Dialect.ANTHROPIC));
    }

    private static Tool builtIn(String type, String name, JsonNode json) {
        Tool.Function function = ClientTools.function(type, name, json);
        return new Tool.BuiltIn(Dialect.ANTHROPIC, type, name, json, function, function == null);
    }

    private static ToolChoice choice(JsonNode choice) throws BadRequest {
        String word = choice.isObject() ? choice.path("type").asString("") : choice.asString("");
        return switch (word) {
            case "any" -> new ToolChoice.Any();
            case "none" -> new ToolChoice.None();
            case "tool" -> named(choice);
            default -> new ToolChoice.Auto();
        };
    }

    private static ToolChoice named(JsonNode choice) throws BadRequest {
        JsonNode name = choice.path("name");
        if (choice.isObject() && !name.isString()) {
            throw BadRequest.invalid("tool_choice.name", NO_NAME);
        }
        return choice.isObject() ? new ToolChoice.Named(name.stringValue()) : new ToolChoice.Auto();
    }

    static void write(ToolUse use, ObjectNode request) throws BadRequest {
        if (use.tools().isEmpty()) {
            return;
        }
        ArrayNode list = use.write(
                Dialect.ANTHROPIC, MessagesTools::function, _ -> "a tool that the server of this model can't have");
        if (!list.isEmpty()) {
            request.set("tools", list);
            writeChoice(use, request);
        }
    }

    private static ObjectNode function(Tool.Function function) {
        ObjectNode tool = Json.object().put("name", function.name());
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        JsonNode schema = function.parameters();
        tool.set("input_schema", schema == null ? Json.object().put("type", "object") : schema);
        if (function.strict() != null) {
            tool.put("strict", function.strict());
        }
        return tool;
    }

    private static void writeChoice(ToolUse use, ObjectNode request) {
        if (use.choice() == null && use.parallel() == null) {
            return;
        }
        ObjectNode choice = request.putObject("tool_choice");
        switch (use.choice()) {
            case null -> choice.put("type", "auto");
            case ToolChoice.Auto _ -> choice.put("type", "auto");
            case ToolChoice.None _ -> choice.put("type", "none");
            case ToolChoice.Any _ -> choice.put("type", "any");
            case ToolChoice.Named named -> choice.put("type", "tool").put("name", named.name());
        }
        if (use.parallel() != null && !(use.choice() instanceof ToolChoice.None)) {
            choice.put("disable_parallel_tool_use", !use.parallel());
        }
    }
}
