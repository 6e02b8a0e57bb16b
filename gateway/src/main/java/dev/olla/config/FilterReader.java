package dev.olla.config;

import dev.olla.fleet.NameFilter;
import java.util.List;

/// Reads a filter: lists of patterns, where `*` and `?` may stand anywhere.
final class FilterReader {

    private FilterReader() {}

    static NameFilter read(Section section) {
        return new NameFilter(patterns(section, "include"), patterns(section, "exclude"));
    }

    private static List<String> patterns(Section section, String key) {
        List<String> patterns = section.texts(key, List.of());
        if (patterns.stream().anyMatch(String::isBlank)) {
            section.error(key, "a pattern must not be blank");
            return List.of();
        }
        return patterns;
    }
}
