package dev.olla.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node of a YAML document with the line it starts on; scalars keep their source text.
sealed interface YamlNode {

    Mapping EMPTY = new Mapping(Map.of(), 0);

    int line();

    /// @param plain written without quotes, so that `5` is a number and `~` is nothing
    record Scalar(String text, boolean plain, int line) implements YamlNode {

        boolean isNull() {
            return plain
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }
    }

    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /// In the order of the file.
    record Mapping(Map<String, Entry> entries, int line) implements YamlNode {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /// What stands at a key.
    ///
    /// @param line of the key
    record Entry(YamlNode value, int line) {}
}
