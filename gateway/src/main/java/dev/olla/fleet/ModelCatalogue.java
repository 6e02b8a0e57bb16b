package dev.olla.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which endpoints hold which model, by any name that clients may ask for. Immutable.
///
/// Names compare without case. For servers that speak Ollama's own API `x` and `x:latest` are one name, as they
/// are to Ollama itself. Endpoints that hold the same digest under another name are places of a model too.
public final class ModelCatalogue {

    public static final ModelCatalogue EMPTY = new ModelCatalogue(List.of());

    private static final String LATEST = ":latest";

    /// The id of a model whose bare name stands for another digest.
    private static final Pattern WITH_DIGEST = Pattern.compile("(.+)-([0-9a-f]{8,64})");

    private final UnificationSettings unification;
    private final List<Placement> placements;
    private final Map<String, List<Placement>> byName = new HashMap<>();
    private final Map<String, List<Placement>> bySpelling = new HashMap<>();
    private final Map<String, List<Placement>> byDigest = new HashMap<>();

    /// @param states in configuration order, which is kept among the endpoints of one model
    public ModelCatalogue(Collection<EndpointState> states) {
        this(states, UnificationSettings.DEFAULTS);
    }

    /// @param states in configuration order, which is kept among the endpoints of one model
    public ModelCatalogue(Collection<EndpointState> states, UnificationSettings unification) {
        this.unification = unification;
        List<Placement> all = new ArrayList<>();
        List<Placement> ambiguous = new ArrayList<>();
        IdentityHashMap<ResourceProfile, Map<String, ModelNeeds>> estimates = new IdentityHashMap<>();
        for (EndpointState state : states) {
            List<Placement> own = places(state, estimates);
            own.forEach(place -> index(place.model().name(), place, ambiguous));
            if (state.profile().ollamaNative()) {
                own.forEach(place -> index(counterpart(place.model().name()), place, ambiguous));
            }
            all.addAll(own);
        }
        placements = List.copyOf(all);
        ambiguous.forEach(this::keepSpelling);
        if (unification.enabled()) {
            joinDigests();
        }
    }

    /// Servers of one kind mostly list the same names: each is estimated once.
    private static List<Placement> places(
            EndpointState state, IdentityHashMap<ResourceProfile, Map<String, ModelNeeds>> estimates) {
        if (state.models().isEmpty()) {
            return List.of();
        }
        ResourceProfile resources = state.profile().resources();
        Map<String, ModelNeeds> known = estimates.computeIfAbsent(resources, _ -> new HashMap<>());
        List<Placement> places = new ArrayList<>(state.models().size());
        for (DiscoveredModel model : state.models()) {
            ModelNeeds needs = known.computeIfAbsent(model.name(), resources::needs);
            places.add(new Placement(state.endpoint(), state.profile(), model, needs));
        }
        return places;
    }

    /// The places of one endpoint come one after another, so a glance at the last tells whether it is there.
    private void index(String name, Placement placement, List<Placement> ambiguous) {
        List<Placement> places = byName.computeIfAbsent(key(name), _ -> new ArrayList<>(2));
        if (places.isEmpty() || places.getLast().endpoint() != placement.endpoint()) {
            places.add(placement);
        } else if (name.equals(placement.model().name())
                && !places.getLast().model().name().equals(name)) {
            ambiguous.add(placement);
        }
    }

    /// An endpoint holds several models whose names differ in case only: who spells one exactly means that one.
    private void keepSpelling(Placement placement) {
        String name = placement.model().name();
        bySpelling.put(
                name,
                named(name).stream()
                        .map(other -> other.endpoint() == placement.endpoint() ? placement : other)
                        .toList());
    }

    private void joinDigests() {
        for (Placement place : placements) {
            String digest = place.model().bareDigest();
            if (digest != null) {
                byDigest.computeIfAbsent(digest, _ -> new ArrayList<>(2)).add(place);
            }
        }
        if (!byDigest.isEmpty()) {
            byName.replaceAll((_, places) -> isAlone(places) ? List.copyOf(places) : withSameDigest(places));
        }
    }

    /// Whether the only place of a name is the only one of its digest, as it mostly is where each has its own
    /// models.
    private boolean isAlone(List<Placement> places) {
        if (places.size() > 1) {
            return false;
        }
        String digest = places.getFirst().model().bareDigest();
        return digest == null || byDigest.getOrDefault(digest, List.of()).size() == 1;
    }

    private List<Placement> withSameDigest(List<Placement> places) {
        Set<String> digests = new LinkedHashSet<>(2);
        Set<Endpoint> present = new HashSet<>();
        for (Placement place : places) {
            present.add(place.endpoint());
            String digest = place.model().bareDigest();
            if (digest != null) {
                digests.add(digest);
            }
        }
        List<Placement> more = new ArrayList<>(places);
        for (String digest : digests) {
            for (Placement place : byDigest.getOrDefault(digest, List.of())) {
                if (present.add(place.endpoint())) {
                    more.add(place);
                }
            }
        }
        more.sort(Comparator.comparingInt(place -> place.endpoint().position()));
        return List.copyOf(more);
    }

    /// The endpoints that hold the model, each once and in configuration order; empty when nobody knows it.
    public List<Placement> find(String name) {
        List<Placement> named = named(name);
        return named.isEmpty() ? byId(name) : named;
    }

    /// Those of them that a request may use; of one kind where kinds are kept apart.
    public List<Placement> find(String name, Predicate<Placement> inScope) {
        List<Placement> usable = find(name).stream().filter(inScope).toList();
        if (unification.acrossKinds() || usable.size() < 2) {
            return usable;
        }
        String first =
                usable.stream().min(Placement.PREFERENCE).orElseThrow().kind().name();
        return usable.stream()
                .filter(place -> place.kind().name().equals(first))
                .toList();
    }

    private List<Placement> named(String name) {
        List<Placement> spelled = bySpelling.get(name);
        return spelled != null ? spelled : byName.getOrDefault(key(name), List.of());
    }

    /// By one of the ids that lists give to models whose bare name another one has.
    private List<Placement> byId(String id) {
        int at = id.lastIndexOf('@');
        if (at > 0 && !unification.acrossKinds()) {
            String kind = id.substring(at + 1);
            return named(id.substring(0, at)).stream()
                    .filter(place -> place.kind().name().equalsIgnoreCase(kind))
                    .toList();
        }
        Matcher match = WITH_DIGEST.matcher(key(id));
        if (!unification.enabled() || !match.matches()) {
            return List.of();
        }
        return named(match.group(1)).stream()
                .filter(place -> startsWith(place.model().bareDigest(), match.group(2)))
                .toList();
    }

    private static boolean startsWith(@Nullable String digest, String start) {
        return digest != null && digest.startsWith(start);
    }

    /// What some endpoint told of the model with that digest; null where none has it, or there is no unification.
    DiscoveredModel.@Nullable Details told(String digest) {
        for (Placement place : byDigest.getOrDefault(DiscoveredModel.bare(digest), List.of())) {
            if (ModelDetails.isTold(place.model().details())) {
                return place.model().details();
            }
        }
        return null;
    }

    public UnificationSettings unification() {
        return unification;
    }

    /// Every model on every endpoint, in configuration order and then in the order of the endpoint's list.
    public List<Placement> placements() {
        return placements;
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
