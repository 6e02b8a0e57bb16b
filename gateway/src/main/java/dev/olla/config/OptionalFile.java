package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file beside the configuration that the gateway can do without: with a mistake in it, it is left out as a whole
/// and every mistake is told.
///
/// @param path as the user would name it
/// @param what the user loses without it, such as `the profile`
/// @param problems hears what is wrong
record OptionalFile(Path path, String what, Consumer<ConfigProblem> problems) {

    /// Null where the file is absent, or left out.
    YamlNode.@Nullable Mapping read(ConfigFile files) {
        return switch (files.read(path)) {
            case ConfigFile.Content.Read(ByteBuffer bytes) -> parsed(bytes);
            case ConfigFile.Content.Unreadable(String reason) -> {
                problems.accept(
                        new ConfigProblem(Severity.LEFT_OUT, path.toString(), 0, "", what + " is left out: " + reason));
                yield null;
            }
            case ConfigFile.Content.Absent _ -> null;
        };
    }

    private YamlNode.@Nullable Mapping parsed(ByteBuffer bytes) {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        YamlNode.Mapping content = YamlDocument.read(bytes, mistakes);
        mistakes.forEach(mistake -> leftOut(mistake.line(), mistake.path(), mistake.message()));
        return mistakes.isEmpty() ? content : null;
    }

    /// Tells what was found in what the file says.
    ///
    /// @return whether the file can be used
    boolean accepts(List<ConfigProblem> found) {
        boolean usable = true;
        for (ConfigProblem problem : found) {
            if (problem.severity() == Severity.ERROR) {
                usable = false;
                leftOut(problem.line(), problem.path(), problem.message());
            } else {
                problems.accept(problem);
            }
        }
        return usable;
    }

    private void leftOut(int line, String key, String message) {
        problems.accept(new ConfigProblem(
                Severity.LEFT_OUT, path.toString(), line, key, message + ": " + what + " is left out"));
    }
}
