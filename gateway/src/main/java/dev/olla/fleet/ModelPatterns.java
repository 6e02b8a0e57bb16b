package dev.olla.fleet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the names of models tell about them; the patterns are globs as in [NameFilter].
///
/// @param capabilities by what a model can do, such as `vision`
/// @param contexts the first that fits counts
public record ModelPatterns(Map<String, List<String>> capabilities, List<ContextPattern> contexts) {

    public static final ModelPatterns NONE = new ModelPatterns(Map.of(), List.of());

    private static final String EMBEDDINGS = "embeddings";

    /// @param context the longest context in tokens
    public record ContextPattern(String pattern, int context) {}

    public ModelPatterns {
        Map<String, List<String>> copies = new LinkedHashMap<>();
        capabilities.forEach((name, patterns) -> copies.put(name, List.copyOf(patterns)));
        capabilities = Collections.unmodifiableMap(copies);
        contexts = List.copyOf(contexts);
    }

    /// In tokens; 0 where no pattern tells.
    public int contextLength(String model) {
        for (ContextPattern context : contexts) {
            if (NameFilter.matches(context.pattern(), model)) {
                return context.context();
            }
        }
        return 0;
    }

    /// In the order of the profile; a model for embeddings can't chat, whatever else its name says.
    public Set<String> capabilities(String model) {
        Set<String> found = new LinkedHashSet<>();
        capabilities.forEach((capability, patterns) -> {
            if (patterns.stream().anyMatch(pattern -> NameFilter.matches(pattern, model))) {
                found.add(capability);
            }
        });
        if (found.contains(EMBEDDINGS)) {
            found.removeAll(Set.of("chat", "text"));
        }
        return found;
    }
}
