package dev.olla.config;

import java.util.LinkedHashMap;
import java.util.Map;

/// Lays one YAML document over another: maps merge key by key, everything else replaces.
final class YamlMerge {

    private YamlMerge() {}

    static YamlNode.Mapping over(YamlNode.Mapping below, YamlNode.Mapping above) {
        Map<String, YamlNode.Entry> merged = new LinkedHashMap<>(below.entries());
        above.entries().forEach((key, entry) -> merged.merge(key, entry, YamlMerge::over));
        return new YamlNode.Mapping(merged, above.line());
    }

    private static YamlNode.Entry over(YamlNode.Entry below, YamlNode.Entry above) {
        boolean bothMaps = below.value() instanceof YamlNode.Mapping && above.value() instanceof YamlNode.Mapping;
        return bothMaps
                ? new YamlNode.Entry(
                        over((YamlNode.Mapping) below.value(), (YamlNode.Mapping) above.value()), above.line())
                : above;
    }

    /// Without the keys that were cleared.
    static YamlNode.Mapping withoutNulls(YamlNode.Mapping mapping) {
        Map<String, YamlNode.Entry> kept = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            switch (entry.value()) {
                case YamlNode.Scalar scalar when scalar.isNull() -> {}
                case YamlNode.Mapping inner -> kept.put(key, new YamlNode.Entry(withoutNulls(inner), entry.line()));
                case YamlNode _ -> kept.put(key, entry);
            }
        });
        return new YamlNode.Mapping(kept, mapping.line());
    }

    /// Whether the document says something at that key of that section, not only clears it.
    static boolean has(YamlNode.Mapping mapping, String section, String key) {
        YamlNode.Entry entry = mapping.entries().get(section);
        if (entry == null || !(entry.value() instanceof YamlNode.Mapping inner)) {
            return false;
        }
        YamlNode.Entry value = inner.entries().get(key);
        return value != null && !(value.value() instanceof YamlNode.Scalar scalar && scalar.isNull());
    }
}
