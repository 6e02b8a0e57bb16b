package dev.olla.config;

import java.util.List;
import java.util.Set;

/// The keys that a running gateway can't take over; a reload applies all others.
public final class RestartRequired {

    /// The listener stays as it was opened. A section stands for all keys in it.
    static final Set<String> KEYS = Set.of("server.host", "server.port");

    private RestartRequired() {}

    /// The changed keys that only a restart brings into effect.
    public static List<String> of(Config before, Config after) {
        return ConfigDiff.of(before, after).stream()
                .filter(RestartRequired::needsRestart)
                .toList();
    }

    private static boolean needsRestart(String path) {
        return KEYS.stream().anyMatch(key -> path.equals(key) || path.startsWith(key + "."));
    }
}
