package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One pass over a configuration: every [Section] that was opened, every key asked for, every problem met.
final class Reading {

    private final @Nullable String file;
    private final Variables variables;
    private final CompanionFiles companions;
    /// A value that several readers look at is reported once.
    private final Set<ConfigProblem> problems = new LinkedHashSet<>();
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<String, Object> resolved = new LinkedHashMap<>();

    /// Nobody reads more, and each takes memory.
    private static final int MOST_PROBLEMS = 500;

    /// The type of a key that the original acts on and this version doesn't yet.
    static final String NOT_YET = "not in effect";

    /// A key that some reader asks for.
    ///
    /// @param path with `[]` for the items of a list
    /// @param type in words
    /// @param standard the default as it would be written; empty where there is none
    record Key(String path, String type, String standard) {}

    /// Of a text that points to no other file.
    ///
    /// @param file as the user named it; null where there is none
    Reading(@Nullable String file, Variables variables) {
        this(file, variables, new CompanionFiles(Path.of("")));
    }

    /// @param file as the user named it; null where there is none
    Reading(@Nullable String file, Variables variables, CompanionFiles companions) {
        this.file = file;
        this.variables = variables;
        this.companions = companions;
    }

    Section root(YamlNode.Mapping mapping) {
        return open("", mapping, 0);
    }

    Section open(String path, YamlNode.Mapping mapping, int line) {
        Section section = new Section(path, mapping, line, this);
        sections.add(section);
        return section;
    }

    Variables variables() {
        return variables;
    }

    CompanionFiles companions() {
        return companions;
    }

    /// What is wrong with the whole file, or with a place for which there is no section.
    void add(Severity severity, int line, String path, String message) {
        boolean inFile = line > 0 || path.isEmpty();
        problems.add(new ConfigProblem(severity, inFile ? file : null, line, Secrets.shownPath(path), message));
    }

    /// What was found in another file.
    void add(ConfigProblem problem) {
        problems.add(problem);
    }

    void register(String path, String type, String standard) {
        String general = general(path);
        if (!hasNoEffect(general)) {
            keys.putIfAbsent(general, new Key(general, type, standard));
        }
    }

    private static String general(String path) {
        return path.indexOf('[') < 0 ? path : path.replaceAll("\\[[0-9]+]", "[]");
    }

    /// Whether the key stands in a section that has no effect yet.
    private boolean hasNoEffect(String general) {
        for (int dot = general.indexOf('.'); dot >= 0; dot = general.indexOf('.', dot + 1)) {
            Key section = keys.get(general.substring(0, dot));
            if (section != null && section.type().equals(NOT_YET)) {
                return true;
            }
        }
        return false;
    }

    /// What a key has come to, whoever said so.
    void resolved(String path, @Nullable Object value) {
        String general = general(path);
        Key key = keys.get(general);
        if (value == null || hasNoEffect(general) || (key != null && key.type().equals(NOT_YET))) {
            resolved.remove(path);
        } else {
            resolved.put(path, value);
        }
    }

    ResolvedKeys resolved() {
        return new ResolvedKeys(resolved);
    }

    Map<String, Key> keys() {
        return keys;
    }

    /// Errors first, then warnings, each in the order of the file. Reports the keys that nothing asked for.
    List<ConfigProblem> finish() {
        sections.forEach(Section::reportUnknownKeys);
        sections.clear();
        List<ConfigProblem> sorted = problems.stream()
                .sorted(Comparator.comparing(ConfigProblem::severity).thenComparingInt(ConfigProblem::line))
                .toList();
        return sorted.size() <= MOST_PROBLEMS ? sorted : cut(sorted);
    }

    private List<ConfigProblem> cut(List<ConfigProblem> sorted) {
        List<ConfigProblem> first = new ArrayList<>(sorted.subList(0, MOST_PROBLEMS));
        ConfigProblem next = sorted.get(MOST_PROBLEMS);
        int more = sorted.size() - MOST_PROBLEMS;
        first.add(new ConfigProblem(next.severity(), file, 0, "", "and " + more + " more problems"));
        return first;
    }
}
