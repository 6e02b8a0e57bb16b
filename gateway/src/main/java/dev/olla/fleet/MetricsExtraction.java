package dev.olla.fleet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a kind of server tells about its work in its answers.
///
/// @param enabled whether the answers are read at all
/// @param source such as `response_body`
/// @param format such as `json`
/// @param paths of values in an answer, by the name of the value
/// @param calculations expressions over those values, by the name of their result
/// @param headers of an answer that carry a value, by the name of the value
public record MetricsExtraction(
        boolean enabled,
        String source,
        String format,
        Map<String, String> paths,
        Map<String, String> calculations,
        Map<String, String> headers) {

    /// Of a kind whose answers tell nothing beside what their shape tells.
    public static final MetricsExtraction NONE =
            new MetricsExtraction(true, "response_body", "json", Map.of(), Map.of(), Map.of());

    public MetricsExtraction {
        paths = Collections.unmodifiableMap(new LinkedHashMap<>(paths));
        calculations = Collections.unmodifiableMap(new LinkedHashMap<>(calculations));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
