package dev.olla.config;

import java.util.List;

/// Reads `model_registry`.
final class ModelRegistryReader {

    private static final List<String> STRATEGIES = List.of("strict", "optimistic", "discovery");

    private ModelRegistryReader() {}

    static boolean readEnableUnifier(Section section) {
        section.notYet("unification");
        String type = section.text("type", "memory");
        if (!type.isEmpty() && !type.equals("memory")) {
            section.error("type", Secrets.shown(type) + " is not allowed: memory is the only one");
        }
        return section.bool("enable_unifier", true);
    }

    static String readRoutingStrategy(Section section) {
        Section strategy = section.section("routing_strategy");
        strategy.notYet("options");
        return strategy.oneOfOrDefault("type", "strict", STRATEGIES);
    }
}
