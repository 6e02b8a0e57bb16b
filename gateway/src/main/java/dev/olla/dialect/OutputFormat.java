package dev.olla.dialect;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The shape that the answer's text must have.
public sealed interface OutputFormat {

    /// Any text.
    OutputFormat ANY = new Any();

    record Any() implements OutputFormat {}

    /// Some JSON object.
    record Json() implements OutputFormat {}

    /// JSON that keeps to a schema.
    ///
    /// @param name null where the format has no names for schemas
    /// @param strict null where the client doesn't say
    record Schema(
            @Nullable String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict) implements OutputFormat {}
}
