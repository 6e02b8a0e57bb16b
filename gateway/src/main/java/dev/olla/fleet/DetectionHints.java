package dev.olla.fleet;

import dev.olla.http.Headers;
import java.util.List;

/// By what a server is recognised as one of a kind.
///
/// @param headers fields of an answer, any of which is enough: `Name`, or `Name: how its value begins`
/// @param pathIndicators paths that only this kind answers, or few others; it takes all of them
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

    /// Whether a field of the head is one of those listed.
    boolean foundIn(Headers head) {
        return headers.stream().anyMatch(hint -> isIn(head, hint));
    }

    private static boolean isIn(Headers head, String hint) {
        int colon = hint.indexOf(':');
        if (colon < 0) {
            return head.contains(hint.strip());
        }
        String start = hint.substring(colon + 1).strip();
        String value = head.first(hint.substring(0, colon).strip());
        return value != null && value.regionMatches(true, 0, start, 0, start.length());
    }
}
