package dev.olla.config;

import java.util.ArrayList;
import java.util.List;

/// Which settings differ between two configurations.
public final class ConfigDiff {

    private ConfigDiff() {}

    /// The paths of what changed; empty when nothing did.
    public static List<String> of(Config before, Config after) {
        List<String> changed = new ArrayList<>();
        if (!before.server().equals(after.server())) {
            changed.add("server");
        }
        if (!before.admission().rateLimits().equals(after.admission().rateLimits())) {
            changed.add("server.rate_limits");
        }
        if (!before.admission().cors().equals(after.admission().cors())) {
            changed.add("server.cors");
        }
        if (!before.admission().dashboard().equals(after.admission().dashboard())) {
            changed.add("dashboard");
        }
        if (!before.proxy().equals(after.proxy())) {
            changed.add("proxy");
        }
        if (!before.endpoints().equals(after.endpoints())) {
            changed.add("discovery.static.endpoints");
        }
        if (!before.discovery().equals(after.discovery())) {
            changed.add("discovery.model_discovery");
        }
        if (!before.logging().equals(after.logging())) {
            changed.add("logging");
        }
        return changed;
    }
}
