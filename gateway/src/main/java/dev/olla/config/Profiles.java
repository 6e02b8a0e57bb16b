package dev.olla.config;

import dev.olla.fleet.BackendKinds;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.NameFilter;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The kinds of backend that are known, and the spellings by which an endpoint names one.
public final class Profiles implements BackendKinds {

    /// What a server of unknown kind is taken for.
    private static final String FALLBACK = "openai-compatible";

    /// Spellings beside the names and prefixes of the profiles.
    private static final Map<String, String> SPELLINGS = Map.of(
            "lmstudio", "lm-studio",
            "lm_studio", "lm-studio",
            "dmr", "docker-model-runner",
            "llama-cpp", "llamacpp",
            "llama_cpp", "llamacpp",
            "vllm_mlx", "vllm-mlx",
            "vllmmlx", "vllm-mlx",
            "openai", FALLBACK);

    private final Map<String, BackendProfile> byName;
    private final Map<String, BackendProfile> byType = new HashMap<>();
    private final Set<String> filteredOut;
    private final List<String> changes;
    private final ModelsFile models;

    private Profiles(Collection<BackendProfile> profiles, NameFilter filter, List<String> changes, ModelsFile models) {
        this.changes = changes;
        this.models = models;
        Map<String, BackendProfile> names = new TreeMap<>();
        for (BackendProfile profile : profiles) {
            names.put(profile.name(), profile);
            profile.prefixes().forEach(prefix -> byType.putIfAbsent(prefix, profile));
        }
        byType.putAll(names);
        SPELLINGS.forEach((spelling, name) -> {
            BackendProfile profile = names.get(name);
            if (profile != null) {
                byType.putIfAbsent(spelling, profile);
            }
        });
        BackendProfile fallback = names.get(FALLBACK);
        if (fallback == null) {
            throw new IllegalArgumentException("no profile is called " + FALLBACK);
        }
        Map<String, BackendProfile> admitted = new TreeMap<>(names);
        admitted.keySet().removeIf(name -> !filter.admits(name));
        byName = Collections.unmodifiableMap(admitted);
        filteredOut = new HashSet<>(byType.keySet());
        byType.values().removeIf(profile -> !filter.admits(profile.name()));
        filteredOut.removeAll(byType.keySet());
        byType.put(EndpointSettings.AUTO, fallback.withHealthPath("/"));
    }

    /// Those of the profiles that a filter admits; `auto`, which is no kind of its own, stays.
    Profiles admittedBy(NameFilter filter) {
        return new Profiles(byName.values(), filter, changes, models);
    }

    /// Whether the type names a profile that a filter left out.
    boolean isFilteredOut(String type) {
        return filteredOut.contains(type);
    }

    /// The profiles that the gateway brings along.
    public static Profiles builtIn() {
        return new Profiles(BuiltInProfile.all().values(), NameFilter.ALL, List.of(), ModelsFile.BUILT_IN);
    }

    /// Those, with the user's own laid over them.
    ///
    /// @param problems hears which prefixes can't be had
    static Profiles with(List<ProfileFolder.Document> documents, Consumer<ConfigProblem> problems) {
        List<String> changes = documents.stream()
                .map(document -> document.path() + " "
                        + (BuiltInProfile.all().containsKey(document.name()) ? "changes" : "adds") + " profile "
                        + Secrets.shown(document.name()))
                .toList();
        return new Profiles(UserProfiles.laidOver(documents, problems), NameFilter.ALL, changes, ModelsFile.BUILT_IN);
    }

    /// The same kinds, whose models are called as that file says.
    Profiles naming(ModelsFile other) {
        return new Profiles(byName.values(), NameFilter.ALL, changes, other);
    }

    /// The file that says what the names of models mean.
    public ModelsFile models() {
        return models;
    }

    @Override
    public ModelVocabulary vocabulary() {
        return models.vocabulary().get();
    }

    /// What each file of the user's does, in words, in the order of the files.
    public List<String> changes() {
        return changes;
    }

    /// How many kinds there are beside the one that stands for all others.
    int besidesFallback() {
        return byName.containsKey(FALLBACK) ? byName.size() - 1 : byName.size();
    }

    /// Sorted by name; only profiles, no other spellings.
    public Map<String, BackendProfile> byName() {
        return byName;
    }

    /// The profile for the type of an endpoint, in any accepted spelling; null if there is none.
    ///
    /// `auto` gives the OpenAI profile with a health path that any HTTP server answers.
    @Override
    public @Nullable BackendProfile byType(String type) {
        return byType.get(type.isEmpty() ? EndpointSettings.AUTO : type);
    }

    @Override
    public Collection<BackendProfile> candidates() {
        return byName.values();
    }

    SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    SortedSet<String> types() {
        return new TreeSet<>(byType.keySet());
    }
}
