package dev.olla.config;

import java.util.List;

/// Reads `model_registry`.
final class ModelRegistryReader {

    private static final List<String> STRATEGIES = List.of("strict", "optimistic", "discovery");

    private ModelRegistryReader() {}

    static boolean readEnableUnifier(Section section) {
        section.notYet("unification");
        LaterReaders.registry(section);
        String type = section.text("type", "memory");
        if (!type.isEmpty() && !type.equals("memory")) {
            section.error("type", Secrets.shown(type) + " is not allowed: memory is the only one");
        }
        return section.bool("enable_unifier", true);
    }

    static String readRoutingStrategy(Section section) {
        Section strategy = section.section("routing_strategy");
        strategy.notYet("options");
        LaterReaders.routingOptions(strategy.section("options"));
        String type = strategy.oneOfOrDefault("type", "strict", STRATEGIES);
        if (!type.equals("strict")) {
            strategy.warning("type", type + " is known, but has no effect in this version: strict is used");
        }
        return type;
    }
}
