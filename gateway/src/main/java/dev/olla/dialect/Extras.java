package dev.olla.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Fields that a format has and the common model has no word for: they are carried along, and the writer of the
/// same format writes them back.
///
/// @param dialect whose they are; null where there are none
/// @param fields in their order; not to be changed
public record Extras(@Nullable Dialect dialect, Map<String, JsonNode> fields) {

    public static final Extras NONE = new Extras(null, Map.of());

    public Extras {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// The fields where they belong to that format, else none.
    public Map<String, JsonNode> of(Dialect wanted) {
        return wanted == dialect ? fields : Map.of();
    }
}
