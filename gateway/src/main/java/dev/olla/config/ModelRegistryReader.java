package dev.olla.config;

/// Reads `model_registry`.
final class ModelRegistryReader {

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
}
