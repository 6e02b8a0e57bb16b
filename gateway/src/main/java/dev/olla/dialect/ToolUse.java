package dev.olla.dialect;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which tools the model may use, and how.
///
/// @param choice null where the client leaves it to the server
/// @param parallel whether several calls may come at once; null where the client leaves it to the server
public record ToolUse(
        List<Tool> tools,
        @Nullable ToolChoice choice,
        @Nullable Boolean parallel) {

    public static final ToolUse NONE = new ToolUse(List.of(), null, null);

    public ToolUse {
        tools = List.copyOf(tools);
    }

    /// How one format writes a tool of the client's own, but for what only that format has.
    public interface FunctionForm {
        ObjectNode write(Tool.Function function);
    }

    /// The tools as a request of one format has them: its own as they came, others as functions. What runs at the
    /// service of another format is left out, as long as it may be and nobody insists on it.
    ///
    /// @param refusal continues "`tools[1]` is", of one that can be neither written nor left out
    /// @return empty where none is left
    /// @throws BadRequest naming the tool that the format can't have
    public ArrayNode write(Dialect dialect, FunctionForm form, Function<Tool.BuiltIn, String> refusal)
            throws BadRequest {
        ArrayNode list = Json.object().putArray("tools");
        for (int i = 0; i < tools.size(); i++) {
            String path = "tools[" + i + ']';
            switch (tools.get(i)) {
                case Tool.Function function -> list.add(write(function, path, dialect, form));
                case Tool.BuiltIn own when own.dialect() == dialect -> list.add(own.json());
                case Tool.BuiltIn other
                when other.function() != null -> list.add(write(other.function(), path, dialect, form));
                case Tool.BuiltIn other -> {
                    if (insistsOn(other) || !other.omittable()) {
                        throw BadRequest.untranslatable(path, refusal.apply(other));
                    }
                }
            }
        }
        return list;
    }

    private static JsonNode write(Tool.Function function, String path, Dialect dialect, FunctionForm form)
            throws BadRequest {
        function.extras().refuseNeeded(dialect, path);
        ObjectNode tool = form.write(function);
        function.extras().of(dialect).forEach(tool::set);
        return tool;
    }

    private boolean insistsOn(Tool tool) {
        return choice instanceof ToolChoice.Named named && named.name().equals(tool.name());
    }
}
