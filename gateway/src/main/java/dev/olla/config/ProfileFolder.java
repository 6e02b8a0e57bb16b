package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
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
            OptionalFile file = new OptionalFile(path, "the profile", problems);
            YamlNode.Mapping content = file.read(files);
            String name = content == null ? null : name(file, content);
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
            problems.accept(new ConfigProblem(
                    Severity.LEFT_OUT, PATH.toString(), 0, "", "the folder can't be read: " + unreadable.getMessage()));
            return List.of();
        }
    }

    private static boolean isYaml(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /// The name of the profile, where all that the file says can be read.
    private static @Nullable String name(OptionalFile file, YamlNode.Mapping content) {
        Reading reading = new Reading(file.path().toString(), new Variables(Map.of()));
        Section root = reading.root(content);
        String name = root.text("name", "");
        if (name.isBlank()) {
            root.error("name", "a profile needs a name");
            root.names().forEach(root::ignore);
        } else {
            ProfileReader.check(root);
            ProfileDetailsReader.check(root);
        }
        return file.accepts(reading.finish()) ? name : null;
    }
}
