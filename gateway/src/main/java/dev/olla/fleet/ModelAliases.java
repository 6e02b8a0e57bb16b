package dev.olla.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Names that users made up, each for one or more real models. Names compare without case.
public final class ModelAliases {

    public static final ModelAliases NONE = new ModelAliases(Map.of());

    private final Map<String, Alias> byKey = new TreeMap<>();

    /// @param name as the user spelled it
    /// @param models real names, preferred ones first; at least one
    public record Alias(String name, List<String> models) {
        public Alias {
            models = List.copyOf(models);
        }

        /// For every endpoint the first of the models that it holds; in configuration order.
        public List<Placement> placements(FleetSnapshot fleet, Predicate<Endpoint> admitted) {
            Map<Endpoint, Placement> first = new LinkedHashMap<>();
            for (String model : models) {
                for (Placement placement : fleet.catalogue().find(model)) {
                    if (admitted.test(placement.endpoint())) {
                        first.putIfAbsent(placement.endpoint(), placement);
                    }
                }
            }
            List<Placement> placements = new ArrayList<>(first.values());
            placements.sort(
                    Comparator.comparingInt(placement -> placement.endpoint().position()));
            return placements;
        }
    }

    /// @param modelsByAlias no two names may differ in case only
    public ModelAliases(Map<String, List<String>> modelsByAlias) {
        modelsByAlias.forEach((name, models) -> byKey.put(key(name), new Alias(name, models)));
    }

    /// Null when the name is no alias.
    public @Nullable Alias find(String name) {
        return byKey.isEmpty() ? null : byKey.get(key(name));
    }

    /// Sorted by name.
    public Collection<Alias> all() {
        return byKey.values();
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelAliases aliases && byKey.equals(aliases.byKey);
    }

    @Override
    public int hashCode() {
        return byKey.hashCode();
    }

    @Override
    public String toString() {
        return byKey.values().toString();
    }
}
