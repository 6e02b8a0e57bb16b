package dev.olla.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Fields that a format has and the common model has no word for: they are carried along, and the writer of the
/// same format writes them back.
///
/// @param dialect whose they are, also where there are none; null where no reader made them
/// @param fields in their order; not to be changed
/// @param needed names of those whose loss would change the answer: a writer of another format refuses them
public record Extras(@Nullable Dialect dialect, Map<String, JsonNode> fields, Set<String> needed) {

    public static final Extras NONE = new Extras(null, Map.of());

    public Extras {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        needed = Collections.unmodifiableSet(new LinkedHashSet<>(needed));
    }

    public Extras(@Nullable Dialect dialect, Map<String, JsonNode> fields) {
        this(dialect, fields, Set.of());
    }

    /// The fields where they belong to that format, else none.
    public Map<String, JsonNode> of(Dialect wanted) {
        return wanted == dialect ? fields : Map.of();
    }

    /// @param target the format about to be written
    /// @param path of the object that the fields are in; empty for the request itself
    /// @throws BadRequest where a field that is needed belongs to another format
    public void refuseNeeded(Dialect target, String path) throws BadRequest {
        if (target == dialect || needed.isEmpty()) {
            return;
        }
        String field = needed.iterator().next();
        throw BadRequest.untranslatable(path.isEmpty() ? field : path + '.' + field);
    }
}
