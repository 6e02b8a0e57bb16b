package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One pass over a configuration: every [Section] that was opened, every key asked for, every problem met.
final class Reading {

    private final @Nullable String file;
    private final Variables variables;
    private final CompanionFiles companions;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Key> keys = new LinkedHashMap<>();

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

    /// A warning about another file as a whole.
    void addFile(Path other, String message) {
        problems.add(new ConfigProblem(Severity.WARNING, other.toString(), 0, "", message));
    }

    void register(String path, String type, String standard) {
        String general = path.indexOf('[') < 0 ? path : path.replaceAll("\\[[0-9]+]", "[]");
        keys.putIfAbsent(general, new Key(general, type, standard));
    }

    Map<String, Key> keys() {
        return keys;
    }

    /// Errors first, then warnings, each in the order of the file. Reports the keys that nothing asked for.
    List<ConfigProblem> finish() {
        sections.forEach(Section::reportUnknownKeys);
        sections.clear();
        problems.sort((a, b) -> a.severity() != b.severity()
                ? a.severity().compareTo(b.severity())
                : Integer.compare(a.line(), b.line()));
        return List.copyOf(problems);
    }
}
