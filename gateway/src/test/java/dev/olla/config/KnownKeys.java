package dev.olla.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the readers know: every key that they ask for, and every variable that stands for one.
public final class KnownKeys {

    private KnownKeys() {}

    static Map<String, Reading.Key> all() {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        ByteBuffer yaml = ByteBuffer.wrap("discovery: {static: {endpoints: [{resources: {concurrency_limits: [{}]}}]}}"
                .getBytes(StandardCharsets.UTF_8));
        Reading reading = new Reading(null, new Variables(Map.of()));
        ConfigLoader.read(null, reading.root(YamlDocument.read(yaml, mistakes)), Profiles.builtIn());
        return reading.keys();
    }

    /// The keys that do something, each with its type in words.
    public static Map<String, String> inEffect() {
        Map<String, String> types = new TreeMap<>();
        all().values().stream()
                .filter(key -> !key.type().startsWith("no"))
                .forEach(key -> types.put(key.path(), key.type()));
        return types;
    }

    /// The variables that stand for such a key.
    public static Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>(Variables.KEYS);
        variables.values().retainAll(inEffect().keySet());
        return variables;
    }

    /// The variables that are read before or without the file.
    public static List<String> otherVariables() {
        return Variables.OTHERS.stream().sorted().toList();
    }
}
