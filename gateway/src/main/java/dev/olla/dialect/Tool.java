package dev.olla.dialect;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Something that the model may ask to have done.
public sealed interface Tool {

    String name();

    /// A tool of the client's own.
    ///
    /// @param description null where the client gives none
    /// @param parameters a JSON schema; null where the client gives none
    /// @param strict whether arguments must keep to the schema; null where the client doesn't say
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            @Nullable Boolean strict,
            Extras extras)
            implements Tool {}

    /// A tool whose schema, or whose execution, is the format's own: `web_search_20250305`, `bash_20250124`.
    ///
    /// @param type as that format calls it
    /// @param function the same tool as one of the client's own, for other formats; null where it is run by the
    ///   service that the format belongs to
    /// @param omittable whether a format that can't have it may leave it out, as long as nobody insists on it
    record BuiltIn(
            Dialect dialect,
            String type,
            String name,
            JsonNode json,
            @Nullable Function function,
            boolean omittable) implements Tool {}
}
