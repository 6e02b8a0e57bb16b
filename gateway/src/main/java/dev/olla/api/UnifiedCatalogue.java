package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The models of the fleet, each once: by digest, else by name without case. Immutable.
///
/// An entry's id is the name that most endpoints use for it; ties go to the higher priority, then to the
/// alphabet. A name that stands for two digests belongs to the one that more endpoints call so; the other's id
/// ends with the start of its digest.
final class UnifiedCatalogue {

    private static final int DIGEST_START = 8;

    private final List<UnifiedModel> models;
    private final Map<String, UnifiedModel> byName = new HashMap<>();

    private UnifiedCatalogue(List<UnifiedModel> models) {
        this.models =
                models.stream().sorted(Comparator.comparing(UnifiedModel::id)).toList();
        this.models.forEach(model -> byName.put(key(model.id()), model));
        for (UnifiedModel model : this.models) {
            model.aliases().forEach(alias -> byName.putIfAbsent(key(alias), model));
        }
    }

    /// @param withUnavailable whether endpoints that are down count too
    static UnifiedCatalogue of(FleetSnapshot snapshot, boolean withUnavailable) {
        List<ModelSource> sources = new ArrayList<>();
        for (EndpointState state : snapshot.endpoints()) {
            if (withUnavailable ? state.endpoint().wanted() : state.offersModels()) {
                state.models().forEach(model -> sources.add(new ModelSource(state, model)));
            }
        }
        return new UnifiedCatalogue(named(grouped(sources)));
    }

    /// Sorted by id.
    List<UnifiedModel> models() {
        return models;
    }

    /// By id, else by any name, without case; null where there is none.
    @Nullable
    UnifiedModel find(String idOrName) {
        UnifiedModel exact = byName.get(key(idOrName));
        return exact != null ? exact : byName.get(key(ModelCatalogue.counterpart(idOrName)));
    }

    private static Collection<Group> grouped(List<ModelSource> sources) {
        Map<String, Group> byDigest = new LinkedHashMap<>();
        for (ModelSource source : sources) {
            String digest = digest(source.model());
            if (digest != null) {
                byDigest.computeIfAbsent(digest, Group::new).add(source);
            }
        }
        Map<String, Group> byName = new HashMap<>();
        for (Group group : byDigest.values()) {
            group.uses()
                    .forEach(use -> byName.merge(key(use.name()), group, (one, other) -> stronger(use, one, other)));
        }
        List<Group> all = new ArrayList<>(byDigest.values());
        for (ModelSource source : sources) {
            if (digest(source.model()) == null) {
                byName.computeIfAbsent(key(source.model().name()), _ -> newGroup(all))
                        .add(source);
            }
        }
        return all;
    }

    private static Group newGroup(List<Group> all) {
        Group group = new Group("");
        all.add(group);
        return group;
    }

    private static Group stronger(Use use, Group one, Group other) {
        boolean otherIsStronger =
                one != other && Group.CLAIM.compare(other.claim(use.name()), one.claim(use.name())) < 0;
        return otherIsStronger ? other : one;
    }

    /// Gives every group its id; the strongest claim to a name gets it bare.
    private static List<UnifiedModel> named(Collection<Group> groups) {
        List<Claim> claims = groups.stream()
                .map(group -> group.claim(group.mainName()))
                .sorted(Group.CLAIM)
                .toList();
        Set<String> taken = new HashSet<>();
        List<UnifiedModel> models = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            String id = candidates(claim)
                    .filter(candidate -> taken.add(key(candidate)))
                    .findFirst()
                    .orElseThrow();
            models.add(claim.group().unified(id));
        }
        return models;
    }

    /// The ids that an entry may have, without end: servers may call their models what they like.
    private static Stream<String> candidates(Claim claim) {
        String name = claim.name();
        String digest = claim.group().digest;
        String start = digest.substring(0, Math.min(DIGEST_START, digest.length()));
        Stream<String> byDigest = digest.isEmpty() ? Stream.of() : Stream.of(name + '-' + start, name + '-' + digest);
        Stream<String> numbered = IntStream.iterate(2, n -> n + 1).mapToObj(n -> name + '-' + n);
        return Stream.concat(Stream.of(name), Stream.concat(byDigest, numbered));
    }

    private static @Nullable String digest(DiscoveredModel model) {
        String digest = model.digest();
        if (digest == null || digest.isBlank()) {
            return null;
        }
        return digest.substring(digest.indexOf(':') + 1);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /// How many endpoints use a name, and the highest of their priorities.
    private record Use(String name, long endpoints, int priority) {

        static final Comparator<Use> ORDER = Comparator.comparingLong(Use::endpoints)
                .thenComparingInt(Use::priority)
                .reversed()
                .thenComparing(Use::name);

        static Use of(String name, List<ModelSource> users) {
            long endpoints =
                    users.stream().map(ModelSource::endpoint).distinct().count();
            int priority = users.stream()
                    .mapToInt(source -> source.endpoint().priority())
                    .max()
                    .orElse(0);
            return new Use(name, endpoints, priority);
        }
    }

    /// A group that wants a name for itself.
    private record Claim(String name, Use use, Group group) {}

    /// What will be one entry.
    private static final class Group {

        /// The strongest first.
        static final Comparator<Claim> CLAIM =
                Comparator.comparing(Claim::use, Use.ORDER).thenComparing(claim -> claim.group().digest);

        /// Empty where no source has one.
        private final String digest;

        private final List<ModelSource> sources = new ArrayList<>();
        private final Map<String, List<ModelSource>> bySpelling = new LinkedHashMap<>();
        private final Map<String, List<ModelSource>> byKey = new HashMap<>();

        Group(String digest) {
            this.digest = digest;
        }

        void add(ModelSource source) {
            String name = source.model().name();
            sources.add(source);
            bySpelling.computeIfAbsent(name, _ -> new ArrayList<>(2)).add(source);
            byKey.computeIfAbsent(key(name), _ -> new ArrayList<>(2)).add(source);
        }

        /// Every name in use, as spelled; the main one first.
        List<Use> uses() {
            return bySpelling.entrySet().stream()
                    .map(entry -> Use.of(entry.getKey(), entry.getValue()))
                    .sorted(Use.ORDER)
                    .toList();
        }

        String mainName() {
            return uses().getFirst().name();
        }

        /// Its claim to that name, in whatever case.
        Claim claim(String name) {
            return new Claim(name, Use.of(name, byKey.getOrDefault(key(name), List.of())), this);
        }

        UnifiedModel unified(String id) {
            List<String> names = uses().stream().map(Use::name).toList();
            return new UnifiedModel(
                    id, names, sources.stream().sorted(ModelSource.PREFERENCE).toList());
        }
    }
}
