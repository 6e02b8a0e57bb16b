package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
}
