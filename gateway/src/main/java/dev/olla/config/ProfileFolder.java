package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The user's own profiles: the YAML files below `config/profiles`, in the order of their paths.
///
/// A file with a mistake is left out as a whole and named; the others count.
final class ProfileFolder {

    static final Path PATH = Path.of("config", "profiles");

    private final Path workingDirectory;
    private final ConfigFile files;

    /// One file that can be used.
    ///
    /// @param path as the user would name it
    /// @param name of the profile
    record Document(Path path, String name, YamlNode.Mapping content) {}

    ProfileFolder(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
        this.files = new ConfigFile(workingDirectory);
    }

    /// @param problems hears what is wrong
    List<Document> read(Consumer<ConfigProblem> problems) {
        List<Document> documents = new ArrayList<>();
        for (Path path : paths(problems)) {
            YamlNode.Mapping content = content(path, problems);
            String name = content == null ? null : name(path, content, problems);
            if (content != null && name != null) {
                documents.add(new Document(path, name, content));
            }
        }
        return documents;
    }

    private List<Path> paths(Consumer<ConfigProblem> problems) {
        Path folder = workingDirectory.resolve(PATH);
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> below = Files.walk(folder)) {
            return below.filter(path -> isYaml(path) && !Files.isDirectory(path))
                    .map(path -> PATH.resolve(folder.relativize(path)))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            problems.accept(leftOut(PATH, 0, "", "the folder can't be read: " + unreadable.getMessage()));
            return List.of();
        }
    }

    private static boolean isYaml(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /// Null where the file can't be used.
    private YamlNode.@Nullable Mapping content(Path path, Consumer<ConfigProblem> problems) {
        return switch (files.read(path)) {
            case ConfigFile.Content.Read(ByteBuffer bytes) -> parsed(path, bytes, problems);
            case ConfigFile.Content.Unreadable(String reason) -> {
                problems.accept(leftOut(path, 0, "", "the profile is left out: " + reason));
                yield null;
            }
            case ConfigFile.Content.Absent _ -> null;
        };
    }

    private static YamlNode.@Nullable Mapping parsed(Path path, ByteBuffer bytes, Consumer<ConfigProblem> problems) {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        YamlNode.Mapping content = YamlDocument.read(bytes, mistakes);
        for (YamlDocument.Mistake mistake : mistakes) {
            String message = mistake.message() + ": the profile is left out";
            problems.accept(leftOut(path, mistake.line(), mistake.path(), message));
        }
        return mistakes.isEmpty() ? content : null;
    }

    /// The name of the profile, where all that the file says can be read.
    private static @Nullable String name(Path path, YamlNode.Mapping content, Consumer<ConfigProblem> problems) {
        Reading reading = new Reading(path.toString(), new Variables(Map.of()));
        Section root = reading.root(content);
        String name = root.text("name", "");
        if (name.isBlank()) {
            root.error("name", "a profile needs a name");
            root.names().forEach(root::ignore);
        } else {
            ProfileReader.check(root);
            ProfileDetailsReader.check(root);
        }
        boolean usable = true;
        for (ConfigProblem problem : reading.finish()) {
            boolean mistake = problem.severity() == Severity.ERROR;
            usable &= !mistake;
            problems.accept(
                    mistake
                            ? leftOut(
                                    path,
                                    problem.line(),
                                    problem.path(),
                                    problem.message() + ": the profile is left out")
                            : problem);
        }
        return usable ? name : null;
    }

    private static ConfigProblem leftOut(Path path, int line, String key, String message) {
        return new ConfigProblem(Severity.LEFT_OUT, path.toString(), line, key, message);
    }
}
