package dev.olla.dialect.ollama;

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

/// `tools` of a request. Ollama has functions, and no say in whether the model uses them.
final class OllamaTools {

    private OllamaTools() {}

    static ToolUse read(JsonFields request) throws BadRequest {
        List<Tool> tools = new ArrayList<>();
        for (JsonFields tool : request.objects("tools")) {
            tools.add(tool(tool));
        }
        return tools.isEmpty() ? ToolUse.NONE : new ToolUse(tools, null, null);
    }

    private static Tool tool(JsonFields tool) throws BadRequest {
        tool.any("type");
        JsonFields function = tool.object("function");
        if (function == null) {
            throw tool.missing("function");
        }
        String name = function.requiredText("name");
        if (name.isEmpty()) {
            throw function.missing("name");
        }
        JsonFields parameters = function.object("parameters");
        return new Tool.Function(
                name,
                function.text("description"),
                parameters == null ? null : parameters.node(),
                null,
                tool.extras(Dialect.OLLAMA));
    }

    static void write(ToolUse use, ObjectNode request) throws BadRequest {
        if (use.tools().isEmpty() || use.choice() instanceof ToolChoice.None) {
            return;
        }
        ArrayNode list = use.write(Dialect.OLLAMA, OllamaTools::function, OllamaTools::refusal);
        if (list.isEmpty()) {
            return;
        }
        if (use.choice() instanceof ToolChoice.Any || use.choice() instanceof ToolChoice.Named) {
            throw BadRequest.untranslatable("tool_choice", "one that Ollama can't enforce");
        }
        request.set("tools", list);
    }

    private static String refusal(Tool.BuiltIn tool) {
        return "the tool " + tool.name() + ", which can't run with the server of this model";
    }

    private static ObjectNode function(Tool.Function function) {
        ObjectNode tool = Json.object().put("type", "function");
        ObjectNode body = tool.putObject("function").put("name", function.name());
        body.put("description", function.description() == null ? "" : function.description());
        JsonNode parameters = function.parameters();
        body.set("parameters", parameters == null ? Json.object().put("type", "object") : parameters);
        return tool;
    }
}
