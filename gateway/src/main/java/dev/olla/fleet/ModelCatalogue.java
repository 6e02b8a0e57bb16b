package dev.olla.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which endpoints hold which model, by name. Immutable.
///
/// Names compare without case. For servers that speak Ollama's own API `x` and `x:latest` are one name, as they
/// are to Ollama itself.
public final class ModelCatalogue {

    public static final ModelCatalogue EMPTY = new ModelCatalogue(List.of());

    private static final String LATEST = ":latest";

    private final List<Placement> placements;
    private final Map<String, List<Placement>> byName = new HashMap<>();
    private final Map<String, List<Placement>> bySpelling = new HashMap<>();

    /// A model on an endpoint.
    public record Placement(Endpoint endpoint, DiscoveredModel model) {

        /// Whether the server itself takes the requested name for this model, so that it need not be rewritten.
        public boolean answersTo(String requested) {
            String own = model.name();
            return own.equals(requested) || (latestIsImplied(endpoint) && own.equals(counterpart(requested)));
        }
    }

    /// @param states in configuration order, which is kept among the endpoints of one model
    public ModelCatalogue(Collection<EndpointState> states) {
        List<Placement> all = new ArrayList<>();
        List<Placement> ambiguous = new ArrayList<>();
        for (EndpointState state : states) {
            for (DiscoveredModel model : state.models()) {
                all.add(new Placement(state.endpoint(), model));
            }
        }
        placements = List.copyOf(all);
        placements.forEach(placement -> index(placement.model().name(), placement, ambiguous));
        placements.stream()
                .filter(placement -> latestIsImplied(placement.endpoint()))
                .forEach(placement -> index(counterpart(placement.model().name()), placement, ambiguous));
        byName.replaceAll((_, places) -> places.stream()
                .sorted(Comparator.comparingInt(place -> place.endpoint().position()))
                .toList());
        ambiguous.forEach(this::keepSpelling);
    }

    private void index(String name, Placement placement, List<Placement> ambiguous) {
        List<Placement> places = byName.computeIfAbsent(key(name), _ -> new ArrayList<>(2));
        boolean present = places.stream().anyMatch(other -> other.endpoint() == placement.endpoint());
        if (!present) {
            places.add(placement);
        } else if (name.equals(placement.model().name())) {
            ambiguous.add(placement);
        }
    }

    /// An endpoint holds several models whose names differ in case only: who spells one exactly means that one.
    private void keepSpelling(Placement placement) {
        String name = placement.model().name();
        bySpelling.put(
                name,
                find(name).stream()
                        .map(other -> other.endpoint() == placement.endpoint() ? placement : other)
                        .toList());
    }

    /// The endpoints that hold the model, each once and in configuration order; empty when nobody knows it.
    public List<Placement> find(String name) {
        List<Placement> spelled = bySpelling.get(name);
        return spelled != null ? spelled : byName.getOrDefault(key(name), List.of());
    }

    /// Every model on every endpoint, in configuration order and then in the order of the endpoint's list.
    public List<Placement> placements() {
        return placements;
    }

    private static boolean latestIsImplied(Endpoint endpoint) {
        return endpoint.profile().ollamaNative();
    }

    /// `x` for `x:latest` and the other way round; the name itself where it has another tag.
    public static String counterpart(String name) {
        if (name.toLowerCase(Locale.ROOT).endsWith(LATEST)) {
            return name.substring(0, name.length() - LATEST.length());
        }
        boolean tagged = name.lastIndexOf(':') > name.lastIndexOf('/');
        return tagged ? name : name + LATEST;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
