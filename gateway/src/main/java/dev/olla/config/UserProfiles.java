package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.config.ProfileFolder.Document;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Characteristics;
import dev.olla.fleet.ConcurrencyLimit;
import dev.olla.fleet.DetectionHints;
import dev.olla.fleet.ProfileDetails;
import dev.olla.fleet.WrittenValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lays the user's profiles over those that the gateway brings along, and settles which of them a prefix belongs
/// to.
///
/// Maps merge key by key, lists and scalars replace, `null` clears. A figure counts as chosen by the user where it
/// differs from the one that the gateway brings along.
final class UserProfiles {

    /// The first segment of a route of our own.
    private static final Set<String> RESERVED = Set.of("proxy", "models", "any", "anthropic");

    private final Map<String, BackendProfile> profiles = new LinkedHashMap<>(BuiltInProfile.all());
    private final Map<String, YamlNode.Mapping> written = new LinkedHashMap<>();
    private final Map<String, Document> lastDocument = new HashMap<>();
    private final Consumer<ConfigProblem> problems;

    private UserProfiles(Consumer<ConfigProblem> problems) {
        this.problems = problems;
    }

    /// All profiles, the built-in ones as the documents change them.
    ///
    /// @param documents later ones win
    /// @param problems hears which prefixes can't be had
    static Collection<BackendProfile> laidOver(List<Document> documents, Consumer<ConfigProblem> problems) {
        UserProfiles user = new UserProfiles(problems);
        documents.forEach(user::add);
        user.written.keySet().forEach(user::build);
        user.settlePrefixes();
        return user.profiles.values();
    }

    private void add(Document document) {
        written.merge(document.name(), document.content(), YamlMerge::over);
        lastDocument.put(document.name(), document);
    }

    private void build(String name) {
        YamlNode.Mapping own = written.getOrDefault(name, YamlNode.EMPTY);
        BackendProfile builtIn = BuiltInProfile.all().get(name);
        YamlNode.Mapping whole = builtIn == null ? own : YamlMerge.over(BuiltInProfile.document(builtIn), own);
        Section root = new Reading(name, new Variables(Map.of())).root(YamlMerge.withoutNulls(whole));
        ProfileDetails details = ProfileDetailsReader.read(root);
        if (YamlMerge.has(own, "metrics", "extraction")) {
            details.metrics().prepare();
        }
        BackendProfile read = ProfileReader.read(root, WrittenValues.NONE, new ProfileDetails.Known(details));
        profiles.put(name, ProfileReader.read(root, chosen(own, read, builtIn), new ProfileDetails.Known(details)));
    }

    private static WrittenValues chosen(YamlNode.Mapping own, BackendProfile read, @Nullable BackendProfile builtIn) {
        Characteristics now = read.characteristics();
        Characteristics before = builtIn == null ? null : builtIn.characteristics();
        List<ConcurrencyLimit> limits = read.resources().concurrencyLimits();
        return new WrittenValues(
                chosen(own, "timeout", now.timeout(), before == null ? null : before.timeout()),
                chosen(
                        own,
                        "max_concurrent_requests",
                        now.maxConcurrentRequests(),
                        before == null ? null : before.maxConcurrentRequests()),
                chosen(
                        own,
                        "default_priority",
                        now.defaultPriority(),
                        before == null ? null : before.defaultPriority()),
                YamlMerge.has(own, "resources", "concurrency_limits")
                                && (builtIn == null
                                        || !limits.equals(builtIn.resources().concurrencyLimits()))
                        ? limits
                        : null,
                chosenHints(own, read.detection(), builtIn == null ? DetectionHints.NONE : builtIn.detection()));
    }

    private static DetectionHints chosenHints(YamlNode.Mapping own, DetectionHints now, DetectionHints before) {
        boolean headers =
                YamlMerge.has(own, "detection", "headers") && !now.headers().equals(before.headers());
        boolean paths = YamlMerge.has(own, "detection", "path_indicators")
                && !now.pathIndicators().equals(before.pathIndicators());
        return new DetectionHints(
                List.of(),
                headers ? now.headers() : List.of(),
                List.of(),
                paths ? now.pathIndicators() : List.of(),
                List.of());
    }

    /// The value of a key of `characteristics` where the user wrote it and it is another than the built-in one.
    private static <T> @Nullable T chosen(YamlNode.Mapping own, String key, T now, @Nullable T before) {
        return YamlMerge.has(own, "characteristics", key) && !now.equals(before) ? now : null;
    }

    /// Whoever had a prefix first keeps it, built-in profiles before all others.
    private void settlePrefixes() {
        Map<String, String> owners = new HashMap<>();
        BuiltInProfile.all()
                .values()
                .forEach(profile -> profile.prefixes().forEach(prefix -> owners.put(prefix, profile.name())));
        for (String name : written.keySet()) {
            List<String> kept = new ArrayList<>();
            BackendProfile profile = profiles.get(name);
            if (profile == null) {
                continue;
            }
            for (String prefix : profile.prefixes()) {
                String refusal = refusal(prefix, owners.getOrDefault(prefix, name), name);
                if (refusal == null) {
                    owners.put(prefix, name);
                    kept.add(prefix);
                } else {
                    refuse(name, refusal);
                }
            }
            profiles.put(name, profile.withPrefixes(kept));
        }
    }

    private static @Nullable String refusal(String prefix, String owner, String name) {
        if (!prefix.matches("[A-Za-z0-9._~-]+")) {
            return "a prefix is made of letters, digits, '.', '_', '~' and '-'";
        }
        if (RESERVED.contains(prefix)) {
            return prefix + " is reserved for the gateway's own routes";
        }
        return owner.equals(name) ? null : prefix + " belongs to " + owner + " already, " + name + " goes without it";
    }

    private void refuse(String name, String message) {
        Document document = lastDocument.get(name);
        String file = document == null ? null : document.path().toString();
        problems.accept(new ConfigProblem(Severity.LEFT_OUT, file, 0, "routing.prefixes", message));
    }
}
