package dev.olla.fleet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a kind of server tells about its work in its answers.
///
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

    public static final MetricsExtraction OFF =
            new MetricsExtraction(false, "response_body", "json", Map.of(), Map.of(), Map.of());

    public MetricsExtraction {
        paths = Collections.unmodifiableMap(new LinkedHashMap<>(paths));
        calculations = Collections.unmodifiableMap(new LinkedHashMap<>(calculations));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
