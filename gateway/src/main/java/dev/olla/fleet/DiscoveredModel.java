package dev.olla.fleet;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One entry of an endpoint's model list.
///
/// @param name as the server spells it
/// @param size in bytes; 0 where the server doesn't say
/// @param digest null where the server doesn't say
/// @param modified null where the server doesn't say
/// @param details null or empty parts where the server doesn't say
/// @param raw the entry as the server sent it; not to be changed
public record DiscoveredModel(
        String name,
        long size,
        @Nullable String digest,
        @Nullable Instant modified,
        Details details,
        ObjectNode raw) {

    /// What the server tells beyond the name.
    ///
    /// @param contextLength in tokens; 0 where unknown
    public record Details(
            @Nullable String type,
            @Nullable String family,
            List<String> families,
            @Nullable String format,
            @Nullable String parameterSize,
            @Nullable String quantization,
            @Nullable String publisher,
            @Nullable String parent,
            @Nullable String state,
            @Nullable String checkpoint,
            @Nullable String recipe,
            long contextLength) {

        public static final Details NONE =
                new Details(null, null, List.of(), null, null, null, null, null, null, null, null, 0);

        public Details {
            families = List.copyOf(families);
        }
    }
}
