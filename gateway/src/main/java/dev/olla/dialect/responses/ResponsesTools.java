package dev.olla.dialect.responses;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.ToolUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `tools` and `tool_choice` as they were read.
///
/// @param unknownChoice whether `tool_choice` is one that only this format has
record ResponsesTools(ToolUse use, boolean unknownChoice) {

    private static final String CHOICE = "tool_choice";

    static ResponsesTools read(JsonFields request) throws BadRequest {
        List<Tool> tools = new ArrayList<>();
        for (JsonFields tool : request.objects("tools")) {
            tools.add(tool(tool));
        }
        Boolean parallel = request.flag("parallel_tool_calls");
        JsonNode choice = request.any(CHOICE);
        if (choice != null && choice.path("type").asString("").equals("allowed_tools")) {
            return allowed(JsonFields.of(choice, CHOICE), tools, parallel);
        }
        ToolChoice known = choice == null ? null : choice(choice);
        return new ResponsesTools(new ToolUse(tools, known, parallel), choice != null && known == null);
    }

    private static Tool tool(JsonFields tool) throws BadRequest {
        String type = tool.requiredText("type");
        if (!type.equals("function")) {
            String name = tool.node().path("name").asString(type);
            return new Tool.BuiltIn(Dialect.RESPONSES, type, name, tool.node(), null, false);
        }
        String name = tool.requiredText("name");
        if (name.isEmpty()) {
            throw tool.missing("name");
        }
        JsonFields parameters = tool.object("parameters");
        return new Tool.Function(
                name,
                tool.text("description"),
                parameters == null ? null : parameters.node(),
                tool.flag("strict"),
                tool.extras(Dialect.RESPONSES));
    }

    /// Null for one that only this format has.
    private static @Nullable ToolChoice choice(JsonNode choice) throws BadRequest {
        if (choice.isString()) {
            return switch (choice.stringValue()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required" -> new ToolChoice.Any();
                default -> throw BadRequest.invalid(CHOICE, "tool_choice must be auto, none, required or an object");
            };
        }
        JsonFields fields = JsonFields.of(choice, CHOICE);
        return fields.requiredText("type").equals("function")
                ? new ToolChoice.Named(fields.requiredText("name"))
                : null;
    }

    /// Whoever may use only some of the tools is shown just these.
    private static ResponsesTools allowed(JsonFields choice, List<Tool> tools, @Nullable Boolean parallel)
            throws BadRequest {
        Set<String> names = new HashSet<>();
        for (JsonFields tool : choice.objects("tools")) {
            String name = tool.text("name");
            names.add(name == null ? tool.requiredText("type") : name);
        }
        String mode = choice.text("mode");
        if (mode != null && !mode.equals("auto") && !mode.equals("required")) {
            throw BadRequest.invalid("tool_choice.mode", "tool_choice.mode must be auto or required");
        }
        ToolChoice known = "required".equals(mode) ? new ToolChoice.Any() : new ToolChoice.Auto();
        List<Tool> left =
                tools.stream().filter(tool -> names.contains(tool.name())).toList();
        return new ResponsesTools(new ToolUse(left, known, parallel), false);
    }

    static void write(ToolUse use, ObjectNode request) throws BadRequest {
        ArrayNode list = use.write(Dialect.RESPONSES, ResponsesTools::function, ResponsesTools::refusal);
        if (list.isEmpty()) {
            return;
        }
        request.set("tools", list);
        switch (use.choice()) {
            case null -> {
                // Left to the server.
            }
            case ToolChoice.Auto _ -> request.put(CHOICE, "auto");
            case ToolChoice.None _ -> request.put(CHOICE, "none");
            case ToolChoice.Any _ -> request.put(CHOICE, "required");
            case ToolChoice.Named named ->
                request.putObject(CHOICE).put("type", "function").put("name", named.name());
        }
        if (use.parallel() != null) {
            request.put("parallel_tool_calls", use.parallel());
        }
    }

    private static String refusal(Tool.BuiltIn tool) {
        return "the tool " + tool.name() + ", which can't run with the server of this model";
    }

    /// Without a word on it the service takes every function for strict, which few schemas of other formats are.
    private static ObjectNode function(Tool.Function function) {
        boolean own = function.extras().dialect() == Dialect.RESPONSES;
        ObjectNode tool = Json.object().put("type", "function").put("name", function.name());
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        JsonNode parameters = function.parameters();
        if (parameters != null || !own) {
            tool.set("parameters", parameters == null ? Json.object().put("type", "object") : parameters);
        }
        if (function.strict() != null || !own) {
            tool.put("strict", function.strict() != null && function.strict());
        }
        return tool;
    }
}
