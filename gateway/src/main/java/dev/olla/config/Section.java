package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.config.Scalars.BadValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys at one place of a configuration, read one by one.
///
/// A reader names a key, its type and its default, and gets a value: the variable's that stands for the key, else
/// the file's, else the default. A mistake is collected and the default returned, so that one pass finds all of
/// them. Keys that nobody asked for are reported at the end of the [Reading].
final class Section {

    private final String path;
    private final YamlNode.Mapping mapping;
    private final int line;
    private final Reading reading;
    private final Set<String> asked = new LinkedHashSet<>();

    /// @param line of the key that opens the section; 0 where it isn't written
    Section(String path, YamlNode.Mapping mapping, int line, Reading reading) {
        this.path = path;
        this.mapping = mapping;
        this.line = line;
        this.reading = reading;
    }

    /// How the text of a scalar becomes a value.
    @FunctionalInterface
    private interface Rule<T> {
        T apply(Value value) throws BadValue;
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// The line of a key, or of the section where the key isn't written.
    int line(String key) {
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry == null ? line : entry.line();
    }

    boolean has(String key) {
        return node(key) != null || reading.variables().valueOf(path(key)) != null;
    }

    /// Whether a list or keys stand where one value belongs, which is reported when the value is read.
    boolean isNoValue(String key) {
        YamlNode node = node(key);
        return node != null && !(node instanceof YamlNode.Scalar);
    }

    /// Whether a mapping is written at a key, even an empty one.
    boolean opens(String key) {
        return node(key) instanceof YamlNode.Mapping;
    }

    Reading reading() {
        return reading;
    }

    /// What a key has come to, where that is not just what is written.
    void resolved(String key, Object value) {
        reading.resolved(path(key), value);
    }

    /// A variable of the environment as it is; null if unset.
    @Nullable
    String variable(String name) {
        return reading.variables().raw(name);
    }

    /// The files that were asked for so far, in all sections.
    List<Path> companions() {
        return reading.companions().read();
    }

    /// A file that the configuration points to.
    CompanionFiles.Content file(String path) {
        return reading.companions().text(path);
    }

    String text(String key, String standard) {
        return read(key, "text", standard, standard, Value::text);
    }

    @Nullable
    String optionalText(String key) {
        reading.register(path(key), "text", "");
        Value value = value(key, "text");
        String text = value == null ? null : value.text();
        reading.resolved(path(key), text);
        return text;
    }

    boolean bool(String key, boolean standard) {
        return read(key, "boolean", Boolean.toString(standard), standard, Scalars::bool);
    }

    int integer(String key, int standard, Range range) {
        return (int) (long) read(key, "integer", Integer.toString(standard), (long) standard, value -> {
            long number = Scalars.integer(value);
            range.check(number, value);
            return number;
        });
    }

    /// A number with or without a fraction, not negative.
    double decimal(String key, double standard) {
        return read(key, "number", Double.toString(standard), standard, Scalars::decimal);
    }

    /// Not negative.
    Duration duration(String key, Duration standard) {
        Duration read = optionalDuration(key, DurationText.of(standard));
        Duration resolved = read == null ? standard : read;
        resolved(key, resolved);
        return resolved;
    }

    /// Zero and negative ones too.
    Duration signedDuration(String key, Duration standard) {
        return read(key, "duration", DurationText.of(standard), standard, Scalars::duration);
    }

    /// Not negative; null where nothing is written.
    ///
    /// @param standard what happens then, in words for the reference
    @Nullable
    Duration optionalDuration(String key, String standard) {
        reading.register(path(key), "duration", standard);
        Duration read = apply(key, "duration", value -> {
            Duration duration = Scalars.duration(value);
            if (duration.isNegative()) {
                throw new BadValue(value.shown() + " is not allowed: a duration can't be negative");
            }
            return duration;
        });
        reading.resolved(path(key), read);
        return read;
    }

    /// Bytes, negative ones too; null where nothing is written.
    ///
    /// @param standard what happens then, in words for the reference
    @Nullable
    Long optionalBytes(String key, String standard) {
        reading.register(path(key), "size", standard);
        Long read = apply(key, "size", Scalars::bytes);
        reading.resolved(path(key), read);
        return read;
    }

    /// Bytes, negative ones too.
    long bytes(String key, long standard) {
        return read(key, "size", Long.toString(standard), standard, Scalars::bytes);
    }

    /// One of the allowed texts; anything else is an error.
    String oneOf(String key, String standard, List<String> allowed) {
        return read(key, "text", standard, standard, value -> {
            if (!allowed.contains(value.text())) {
                throw new BadValue(notAllowed(value, allowed));
            }
            return value.text();
        });
    }

    /// One of the allowed texts; anything else is a warning and means the default.
    String oneOfOrDefault(String key, String standard, List<String> allowed) {
        String text = text(key, standard);
        if (allowed.contains(text)) {
            return text;
        }
        warning(key, notAllowed(new Value(text, true, 0, null), allowed) + "; " + standard + " is used");
        resolved(key, standard);
        return standard;
    }

    private static String notAllowed(Value value, List<String> allowed) {
        String near = NearestName.of(value.text(), allowed);
        String end = near == null ? "" : "; did you mean " + near + "?";
        return value.shown() + " is not allowed: one of " + String.join(", ", allowed) + end;
    }

    /// The default where nothing is written; no items where null is. A variable has its items between commas.
    List<String> texts(String key, List<String> standard) {
        reading.register(path(key), "list", standard.isEmpty() ? "" : standard.toString());
        List<String> texts = writtenTexts(key, standard);
        resolved(key, texts);
        return texts;
    }

    private List<String> writtenTexts(String key, List<String> standard) {
        asked.add(key);
        Value variable = reading.variables().valueOf(path(key));
        if (variable != null) {
            return Arrays.stream(variable.text().split(",", -1))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .toList();
        }
        YamlNode node = written(key);
        if (node == null || isNull(node)) {
            return node == null ? standard : List.of();
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            error(key, "a list is expected, such as [a, b]");
            return standard;
        }
        List<String> texts = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            if (item instanceof YamlNode.Scalar scalar) {
                texts.add(scalar.isNull() ? "" : scalar.text());
            } else {
                add(Severity.ERROR, item.line(), path(key), "every item must be a text");
            }
        }
        return texts;
    }

    /// The texts of a free map, whose names and values never appear in a message.
    Map<String, Value> secretTexts(String key) {
        reading.register(path(key), "map", "");
        asked.add(key);
        Map<String, Value> texts = new LinkedHashMap<>();
        mappingAt(key).entries().forEach((name, entry) -> {
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                String text = scalar.isNull() ? "" : scalar.text();
                texts.put(name, new Value(text, scalar.plain(), entry.line(), null));
            } else {
                add(Severity.ERROR, entry.line(), path(key), "every value must be a text");
            }
        });
        return texts;
    }

    /// The keys that are written here, where any may be.
    Set<String> names() {
        return mapping.entries().keySet();
    }

    /// The section at a key; one without keys where nothing is written.
    Section section(String key) {
        asked.add(key);
        return reading.open(path(key), mappingAt(key), line(key));
    }

    /// The section at a key in which any name may stand.
    Section freeSection(String key) {
        reading.register(path(key), "map", "");
        return section(key);
    }

    /// The sections of a list; null where nothing is written.
    @Nullable
    List<Section> sections(String key) {
        asked.add(key);
        YamlNode node = written(key);
        if (node == null) {
            return null;
        }
        List<Section> sections = new ArrayList<>();
        if (node instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                YamlNode item = sequence.items().get(i);
                String itemPath = path(key) + "[" + i + "]";
                YamlNode.Mapping found = mapping(item, itemPath, item.line());
                if (item instanceof YamlNode.Mapping) {
                    sections.add(reading.open(itemPath, found, item.line()));
                }
            }
        } else if (!isNull(node)) {
            error(key, "a list is expected: start each item with -");
        }
        return sections;
    }

    /// Keys that the original acts on and this version doesn't yet: one warning for each that is written.
    void notYet(String... keys) {
        for (String key : keys) {
            reading.register(path(key), Reading.NOT_YET, "");
            asked.add(key);
            YamlNode node = node(key);
            if (node != null && !isEmpty(node)) {
                warning(key, "known, but has no effect in this version");
                continue;
            }
            String variable = reading.variables().anyBelow(path(key));
            if (variable != null) {
                reading.add(Severity.WARNING, 0, variable, "known, but has no effect in this version");
            }
        }
    }

    /// A key that never does anything: one warning, with the reason.
    void dead(String key, String reason) {
        reading.register(path(key), "no effect", "");
        asked.add(key);
        if (node(key) != null) {
            warning(key, "has no effect: " + reason);
        }
    }

    /// Keys that other readers take, so they aren't unknown here.
    void ignore(String... keys) {
        asked.addAll(List.of(keys));
    }

    void error(String key, String message) {
        add(Severity.ERROR, line(key), path(key), message);
    }

    void warning(String key, String message) {
        add(Severity.WARNING, line(key), path(key), message);
    }

    private void add(Severity severity, int place, String at, String message) {
        Value value = reading.variables().valueOf(at);
        String variable = value == null ? null : value.variable();
        reading.add(severity, variable == null ? place : 0, variable == null ? at : variable, message);
    }

    void errorAt(int place, String key, String message) {
        add(Severity.ERROR, place, path(key), message);
    }

    void warningAt(int place, String key, String message) {
        add(Severity.WARNING, place, path(key), message);
    }

    private <T> T read(String key, String type, String shown, T standard, Rule<T> rule) {
        reading.register(path(key), type, shown);
        T read = apply(key, type, rule);
        T value = read == null ? standard : read;
        reading.resolved(path(key), value);
        return value;
    }

    private <T> @Nullable T apply(String key, String type, Rule<T> rule) {
        Value value = value(key, type);
        if (value == null) {
            return null;
        }
        try {
            return rule.apply(value);
        } catch (BadValue bad) {
            error(key, String.valueOf(bad.getMessage()));
            return null;
        }
    }

    /// The variable's or the file's value; null where nothing, or nothing usable, is written.
    private @Nullable Value value(String key, String type) {
        asked.add(key);
        Value variable = reading.variables().valueOf(path(key));
        if (variable != null) {
            return variable;
        }
        return switch (node(key)) {
            case null -> null;
            case YamlNode.Scalar scalar -> new Value(scalar.text(), scalar.plain(), scalar.line(), null);
            case YamlNode _ -> {
                error(key, "one value is expected here, of type " + type);
                yield null;
            }
        };
    }

    /// What is written at a key, null values included.
    private @Nullable YamlNode written(String key) {
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry == null ? null : entry.value();
    }

    private @Nullable YamlNode node(String key) {
        YamlNode node = written(key);
        return node == null || isNull(node) ? null : node;
    }

    private YamlNode.Mapping mappingAt(String key) {
        YamlNode node = node(key);
        return node == null ? YamlNode.EMPTY : mapping(node, path(key), line(key));
    }

    private YamlNode.Mapping mapping(YamlNode node, String at, int place) {
        if (node instanceof YamlNode.Mapping found) {
            return found;
        }
        add(Severity.ERROR, place, at, "expected keys below it, each with a colon");
        return YamlNode.EMPTY;
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }

    private static boolean isEmpty(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar _ -> false;
            case YamlNode.Sequence sequence -> sequence.items().isEmpty();
            case YamlNode.Mapping found -> found.entries().isEmpty();
        };
    }

    void reportUnknownKeys() {
        for (Map.Entry<String, YamlNode.Entry> entry : mapping.entries().entrySet()) {
            String key = entry.getKey();
            if (!asked.contains(key)) {
                String near = NearestName.of(key, asked);
                String elsewhere = near == null ? elsewhere(key) : near;
                String end = elsewhere == null ? "" : "; did you mean " + elsewhere + "?";
                reading.add(Severity.WARNING, entry.getValue().line(), path(Secrets.shown(key)), "unknown key" + end);
            }
        }
    }

    /// The only place where a key of that name exists, if there is just one.
    private @Nullable String elsewhere(String key) {
        List<String> places = reading.keys().keySet().stream()
                .filter(known -> known.endsWith("." + key))
                .limit(2)
                .toList();
        return places.size() == 1 ? places.getFirst() : null;
    }
}
