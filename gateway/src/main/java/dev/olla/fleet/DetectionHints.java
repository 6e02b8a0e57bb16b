package dev.olla.fleet;

import java.util.List;

/// By what a server is recognised as one of a kind.
///
/// @param pathIndicators paths that only this kind answers, or few others
/// @param defaultPorts that its makers chose
public record DetectionHints(
        List<String> userAgents,
        List<String> headers,
        List<String> responsePatterns,
        List<String> pathIndicators,
        List<Integer> defaultPorts) {

    public static final DetectionHints NONE = new DetectionHints(List.of(), List.of(), List.of(), List.of(), List.of());

    public DetectionHints {
        userAgents = List.copyOf(userAgents);
        headers = List.copyOf(headers);
        responsePatterns = List.copyOf(responsePatterns);
        pathIndicators = List.copyOf(pathIndicators);
        defaultPorts = List.copyOf(defaultPorts);
    }
}
