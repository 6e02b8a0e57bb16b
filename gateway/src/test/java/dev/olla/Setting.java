package dev.olla;

import dev.olla.testbed.SimulatedServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One key with a value, written in the file or given by its variable, in the midst of others.
///
/// @param key by its path, with `[]` for the first endpoint
/// @param value in YAML's flow style
/// @param variable in place of the file; null for the file
record Setting(String key, String value, @Nullable String variable) {

    private static final String ENDPOINTS = "discovery.static.endpoints";

    /// A configuration with the setting and further keys.
    String yaml(String... pathsAndValues) {
        Map<String, String> all = pairs(pathsAndValues);
        if (variable == null && !key.contains("[]")) {
            all.put(key, value);
        }
        return flow(all) + "\n";
    }

    /// A configuration before these servers; keys that begin with `[].` are for the first of them.
    String yamlBefore(List<SimulatedServer> servers, String... pathsAndValues) {
        Map<String, String> all = pairs(pathsAndValues);
        Map<String, String> ofFirst = new LinkedHashMap<>();
        all.forEach((path, text) -> addIfOfEndpoint(ofFirst, path, text));
        all.keySet().removeIf(path -> path.startsWith("[]."));
        addIfOfEndpoint(ofFirst, key.substring(Math.max(0, key.indexOf("[]"))), value);
        List<String> endpoints = new ArrayList<>();
        for (SimulatedServer server : servers) {
            Map<String, String> endpoint = pairs(
                    "url",
                    "\"" + server.uri() + "\"",
                    "name",
                    server.name(),
                    "type",
                    server.kind().type(),
                    "check_interval",
                    "1s",
                    "check_timeout",
                    "500ms");
            if (server == servers.getFirst()) {
                endpoint.putAll(ofFirst);
            }
            endpoints.add(flow(endpoint));
        }
        all.put(ENDPOINTS, endpoints.toString());
        return yaml(all.entrySet().stream()
                .flatMap(pair -> Stream.of(pair.getKey(), pair.getValue()))
                .toArray(String[]::new));
    }

    private static void addIfOfEndpoint(Map<String, String> endpoint, String path, String text) {
        if (path.startsWith("[].")) {
            endpoint.put(path.substring(3), text);
        }
    }

    TestGateway before(SimulatedServer server, String... pathsAndValues) {
        return before(List.of(server), pathsAndValues);
    }

    TestGateway before(List<SimulatedServer> servers, String... pathsAndValues) {
        return TestGateway.watching(yamlBefore(servers, pathsAndValues), environment());
    }

    Map<String, String> environment() {
        return variable == null ? Map.of() : Map.of(variable, value.replaceAll("^\\[|]$|\"", ""));
    }

    private static Map<String, String> pairs(String... pathsAndValues) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndValues.length; i += 2) {
            pairs.put(pathsAndValues[i], pathsAndValues[i + 1]);
        }
        return pairs;
    }

    /// Keys with dots become mappings.
    private static String flow(Map<String, String> paths) {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        paths.forEach((path, text) -> {
            String[] parts = path.split("\\.", 2);
            sections.computeIfAbsent(parts[0], _ -> new LinkedHashMap<>()).put(parts.length < 2 ? "" : parts[1], text);
        });
        return sections.entrySet().stream()
                .map(section -> section.getKey() + ": "
                        + (section.getValue().containsKey("")
                                ? section.getValue().get("")
                                : flow(section.getValue())))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public String toString() {
        return variable == null ? key + ": " + value : variable + "=" + value;
    }
}
