package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/// A folder for configuration files, the variables beside them, and what comes of reading both.
abstract class ConfigLoading {

    static final String ENDPOINT = """
            discovery:
              static:
                endpoints:
                  - url: http://gpu:8000
                    name: gpu
                    type: vllm
            """;

    @TempDir
    Path folder;

    final Map<String, String> environment = new HashMap<>();

    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    ConfigLoader.Result load(@Nullable String named) {
        return new ConfigLoader(environment, folder).load(named == null ? null : Path.of(named));
    }

    Config loaded() {
        return loaded(null);
    }

    Config loaded(@Nullable String named) {
        return switch (load(named)) {
            case ConfigLoader.Result.Loaded(Config config) -> config;
            case ConfigLoader.Result.Refused refused -> throw new AssertionError(refused);
        };
    }

    List<String> problems() {
        List<ConfigProblem> problems = switch (load(null)) {
            case ConfigLoader.Result.Loaded(Config config) -> config.problems();
            case ConfigLoader.Result.Refused refused -> refused.problems();
        };
        return problems.stream().map(ConfigProblem::toString).toList();
    }

    List<String> errors() {
        return errors(null);
    }

    List<String> errors(@Nullable String named) {
        return switch (load(named)) {
            case ConfigLoader.Result.Loaded loaded -> throw new AssertionError(loaded);
            case ConfigLoader.Result.Refused refused ->
                refused.problems().stream()
                        .filter(problem -> problem.severity() == Severity.ERROR)
                        .map(ConfigProblem::toString)
                        .toList();
        };
    }

    List<String> warnings() {
        return loaded().problems().stream().map(ConfigProblem::toString).toList();
    }
}
