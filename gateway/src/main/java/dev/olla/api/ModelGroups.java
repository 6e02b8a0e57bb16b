package dev.olla.api;

import dev.olla.fleet.UnificationSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What is one model: the same digest, else the same name without case, and on the same kind of server where
/// kinds are kept apart.
///
/// The id of a model is the name that most endpoints use for it; ties go to the higher priority, then to the
/// alphabet. A name that stands for two digests belongs to the one that more endpoints call so; the other's id
/// ends with the start of its digest. A name on two kinds that are kept apart belongs to the kind that comes
/// first by priority, then in the configuration; the other's id ends with its kind.
final class ModelGroups {

    private static final int DIGEST_START = 8;

    private final boolean acrossKinds;
    private final List<Group> groups;
    private final Map<String, ModelSource> firstOfKind = new HashMap<>();

    ModelGroups(UnificationSettings unification, List<ModelSource> sources) {
        this.acrossKinds = unification.acrossKinds();
        sources.forEach(source -> firstOfKind.merge(
                nameKey(source),
                source,
                (one, other) -> ModelSource.PREFERENCE.compare(one, other) <= 0 ? one : other));
        this.groups = grouped(sources);
    }

    private List<Group> grouped(List<ModelSource> sources) {
        Map<String, Group> byDigest = new LinkedHashMap<>();
        for (ModelSource source : sources) {
            String digest = source.model().bareDigest();
            if (digest != null) {
                byDigest.computeIfAbsent(digest, Group::new).add(source);
            }
        }
        Map<String, Group> byName = new HashMap<>();
        for (Group group : byDigest.values()) {
            group.sources.forEach(source -> byName.merge(
                    nameKey(source),
                    group,
                    (one, other) -> stronger(source.model().name(), one, other)));
        }
        List<Group> all = new ArrayList<>(byDigest.values());
        for (ModelSource source : sources) {
            if (source.model().bareDigest() == null) {
                byName.computeIfAbsent(nameKey(source), _ -> newGroup(all)).add(source);
            }
        }
        return all;
    }

    /// What a source without a digest shares with those of the same model.
    private String nameKey(ModelSource source) {
        String name = key(source.model().name());
        return acrossKinds ? name : name + '@' + source.kind();
    }

    private static Group newGroup(List<Group> all) {
        Group group = new Group("");
        all.add(group);
        return group;
    }

    private static Group stronger(String name, Group one, Group other) {
        boolean otherIsStronger = one != other && Claim.STRONGEST.compare(other.claim(name), one.claim(name)) < 0;
        return otherIsStronger ? other : one;
    }

    /// Every group under its id; the strongest claim to a name gets it bare.
    List<UnifiedModel> named() {
        Comparator<Claim> order = acrossKinds
                ? Claim.STRONGEST
                : Comparator.<Claim, ModelSource>comparing(this::first, ModelSource.PREFERENCE)
                        .thenComparing(Claim.STRONGEST);
        Collection<Claim> claims = groups.stream()
                .map(group -> group.claim(group.mainName()))
                .sorted(order)
                .toList();
        Map<String, String> takenBy = new HashMap<>();
        List<UnifiedModel> models = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            String holder = takenBy.get(key(claim.name()));
            boolean otherKind = !acrossKinds && holder != null && !holder.equals(claim.kind());
            String id = candidates(claim, otherKind)
                    .filter(candidate -> takenBy.putIfAbsent(key(candidate), claim.kind()) == null)
                    .findFirst()
                    .orElseThrow();
            models.add(claim.group().unified(id));
        }
        return models;
    }

    /// The preferred source of the claim's kind that has the claim's name.
    private ModelSource first(Claim claim) {
        return Objects.requireNonNull(firstOfKind.get(key(claim.name()) + '@' + claim.kind()));
    }

    /// The ids that an entry may have, without end: servers may call their models what they like.
    private static Stream<String> candidates(Claim claim, boolean otherKind) {
        String name = otherKind ? claim.name() + '@' + claim.kind() : claim.name();
        String digest = claim.group().digest;
        String start = digest.substring(0, Math.min(DIGEST_START, digest.length()));
        Stream<String> byDigest = digest.isEmpty() ? Stream.of() : Stream.of(name + '-' + start, name + '-' + digest);
        Stream<String> numbered = IntStream.iterate(2, n -> n + 1).mapToObj(n -> name + '-' + n);
        return Stream.concat(Stream.of(name), Stream.concat(byDigest, numbered));
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
    ///
    /// @param kind of the first source that uses the name
    private record Claim(String name, String kind, Use use, Group group) {

        static final Comparator<Claim> STRONGEST =
                Comparator.comparing(Claim::use, Use.ORDER).thenComparing(claim -> claim.group().digest);
    }

    /// What will be one entry.
    private static final class Group {

        /// Empty where no source has one.
        private final String digest;

        private final List<ModelSource> sources = new ArrayList<>(1);

        Group(String digest) {
            this.digest = digest;
        }

        void add(ModelSource source) {
            sources.add(source);
        }

        /// Every name in use, as spelled; the main one first.
        List<Use> uses() {
            if (sources.size() == 1) {
                return List.of(Use.of(sources.getFirst().model().name(), sources));
            }
            Map<String, List<ModelSource>> bySpelling = new LinkedHashMap<>();
            sources.forEach(source -> bySpelling
                    .computeIfAbsent(source.model().name(), _ -> new ArrayList<>(2))
                    .add(source));
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
            List<ModelSource> users = sources.stream()
                    .filter(source -> source.model().name().equalsIgnoreCase(name))
                    .toList();
            String kind = (users.isEmpty() ? sources : users)
                    .stream().min(ModelSource.PREFERENCE).orElseThrow().kind();
            return new Claim(name, kind, Use.of(name, users), this);
        }

        UnifiedModel unified(String id) {
            List<String> names = uses().stream().map(Use::name).toList();
            return new UnifiedModel(
                    id, names, sources.stream().sorted(ModelSource.PREFERENCE).toList());
        }
    }
}
