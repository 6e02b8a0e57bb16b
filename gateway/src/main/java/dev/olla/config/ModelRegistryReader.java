package dev.olla.config;

import dev.olla.fleet.UnificationSettings;
import java.util.List;

/// Reads `model_registry`.
final class ModelRegistryReader {

    private ModelRegistryReader() {}

    static UnificationSettings readUnification(Section registry, boolean enabled) {
        UnificationSettings standard = UnificationSettings.DEFAULTS;
        Section section = registry.section("unification");
        for (String key : List.of("cache_ttl", "custom_rules", "family_overrides")) {
            section.dead(key, "models are grouped by what their servers say and by models.yaml");
        }
        boolean too = section.bool("enabled", standard.enabled());
        return new UnificationSettings(
                enabled && too,
                section.bool("across_kinds", standard.acrossKinds()),
                section.duration("stale_threshold", standard.staleThreshold()),
                section.duration("cleanup_interval", standard.cleanupInterval()));
    }

    static boolean readEnableUnifier(Section section) {
        String type = section.text("type", "memory");
        if (!type.isEmpty() && !type.equals("memory")) {
            section.error("type", Secrets.shown(type) + " is not allowed: memory is the only one");
        }
        return section.bool("enable_unifier", true);
    }
}
