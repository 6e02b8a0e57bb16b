package dev.olla.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One entry of an endpoint's model list.
///
/// @param name as the server spells it
/// @param size in bytes; 0 where the server doesn't say
/// @param digest null where the server doesn't say
/// @param modified when it was made, as far as the server says; else when it was first listed; null until then
/// @param details null or empty parts where the server doesn't say
/// @param raw the entry as the server sent it, in JSON; null for kinds whose entries nobody passes on
public record DiscoveredModel(
        String name,
        long size,
        @Nullable String digest,
        @Nullable Instant modified,
        Details details,
        @Nullable String raw) {

    /// The digest without its algorithm; null where there is none.
    public @Nullable String bareDigest() {
        return digest == null || digest.isBlank() ? null : bare(digest);
    }

    static String bare(String digest) {
        return digest.substring(digest.indexOf(':') + 1).toLowerCase(Locale.ROOT);
    }

    /// As listed at that moment, when the server doesn't say when it was made.
    DiscoveredModel firstListed(Instant at) {
        return modified != null ? this : new DiscoveredModel(name, size, digest, at, details, raw);
    }

    DiscoveredModel with(Details more) {
        return new DiscoveredModel(name, size, digest, modified, more, raw);
    }

    /// What the server tells beyond the name.
    ///
    /// @param contextLength in tokens; 0 where unknown
    /// @param capabilities in the server's words; empty where it tells none
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
            long contextLength,
            List<String> capabilities) {

        public static final Details NONE =
                new Details(null, null, List.of(), null, null, null, null, null, null, null, null, 0);

        public Details {
            families = List.copyOf(families);
            capabilities = List.copyOf(capabilities);
        }

        Details withMore(long context, @Nullable String parameters, List<String> able) {
            return new Details(
                    type,
                    family,
                    families,
                    format,
                    parameters,
                    quantization,
                    publisher,
                    parent,
                    state,
                    checkpoint,
                    recipe,
                    context,
                    able);
        }

        Details inState(String word) {
            return new Details(
                    type,
                    family,
                    families,
                    format,
                    parameterSize,
                    quantization,
                    publisher,
                    parent,
                    word,
                    checkpoint,
                    recipe,
                    contextLength,
                    capabilities);
        }

        /// Of a server that tells no capabilities.
        public Details(
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
            this(
                    type,
                    family,
                    families,
                    format,
                    parameterSize,
                    quantization,
                    publisher,
                    parent,
                    state,
                    checkpoint,
                    recipe,
                    contextLength,
                    List.of());
        }
    }
}
