package dev.olla.request.route;

import dev.olla.fleet.BackendProfile;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which kinds of server are known to serve a path, from the profiles. Safe for all threads.
final class PathIndex {

    private static final int MAX_REMEMBERED = 1000;
    private static final Set<String> OPENAI_KIN = Set.of("ollama", "lm-studio");
    private static final String OPENAI = "openai-compatible";

    private final Map<String, Set<String>> profilesByPath = new HashMap<>();
    private final Map<String, Set<String>> remembered = new ConcurrentHashMap<>();

    PathIndex(Collection<BackendProfile> profiles) {
        for (BackendProfile profile : profiles) {
            for (String path : profile.paths()) {
                profilesByPath.computeIfAbsent(path, _ -> new HashSet<>()).add(profile.name());
            }
        }
        for (Set<String> names : profilesByPath.values()) {
            if (names.contains(OPENAI)) {
                names.addAll(OPENAI_KIN);
            }
        }
    }

    /// The names of the profiles that serve the path, exactly or by a suffix; empty when none is known to.
    Set<String> supporters(String path) {
        Set<String> known = remembered.get(path);
        if (known != null) {
            return known;
        }
        Set<String> found = find(path);
        if (remembered.size() < MAX_REMEMBERED) {
            remembered.put(path, found);
        }
        return found;
    }

    private Set<String> find(String path) {
        Set<String> exact = profilesByPath.get(path);
        if (exact != null) {
            return Set.copyOf(exact);
        }
        Set<String> bySuffix = new HashSet<>();
        profilesByPath.forEach((indexed, names) -> {
            if (indexed.length() > 1 && path.endsWith(indexed)) {
                bySuffix.addAll(names);
            }
        });
        return Set.copyOf(bySuffix);
    }
}
