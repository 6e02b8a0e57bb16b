package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.telemetry.LogColours;
import dev.olla.telemetry.LogColours.Theme;
import dev.olla.telemetry.LogColours.When;
import dev.olla.telemetry.LogFile;
import dev.olla.telemetry.LoggingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogVariablesTest {

    @TempDir
    private Path folder;

    private ConfigLoader.Result load(Map<String, String> environment) {
        return new ConfigLoader(environment, folder).load(null);
    }

    private LoggingSettings logging(Map<String, String> environment) {
        return ((ConfigLoader.Result.Loaded) load(environment)).config().logging();
    }

    /// `A=1 B=2`
    private static Map<String, String> environment(String text) {
        return Arrays.stream(text.split(" "))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "X=1, ON_TERMINAL",
        "NO_COLOR=1, NEVER",
        "NO_COLOR=, ON_TERMINAL",
        "NO_COLOR=0 FORCE_COLOR=1 OLLA_FORCE_COLORS=true, NEVER",
        "FORCE_COLOR=1, ALWAYS",
        "FORCE_COLOR=anything, ALWAYS",
        "FORCE_COLOR=0, NEVER",
        "FORCE_COLOR=0 OLLA_FORCE_COLORS=true, NEVER",
        "OLLA_FORCE_COLORS=true, ALWAYS",
        "OLLA_FORCE_COLORS=no, NEVER",
    })
    void coloursAreForTerminalsUnlessForced(String variables, When when) {
        assertThat(logging(environment(variables)).colours()).isEqualTo(new LogColours(when, Theme.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource({"default, DEFAULT", "dark, DARK", "light, LIGHT"})
    void aThemeIsChosenByName(String name, Theme theme) {
        assertThat(logging(Map.of("OLLA_THEME", name)).colours().theme()).isEqualTo(theme);
    }

    @Test
    void theLogFileIsDescribedByVariables() {
        assertThat(logging(Map.of()).file()).isEqualTo(new LogFile(Path.of("logs"), 1, 7, 14));
        assertThat(logging(
                                environment(
                                        "OLLA_LOG_DIR=/var/x OLLA_LOG_SIZE_MB=5 OLLA_LOG_MAX_BACKUPS=0 OLLA_LOG_MAX_AGE_DAYS=2"))
                        .file())
                .isEqualTo(new LogFile(Path.of("/var/x"), 5, 0, 2));
    }

    @Test
    void aTerminalGetsTextUnlessAFormatIsNamedByAVariable() {
        assertThat(logging(Map.of()).textOnTerminal()).isTrue();
        assertThat(logging(Map.of("OLLA_LOGGING_FORMAT", "json")).textOnTerminal())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OLLA_LOG_SIZE_MB=big| big is no whole number",
                "OLLA_LOG_SIZE_MB=0| 0 is not allowed: 1 is the least",
                "OLLA_LOG_MAX_BACKUPS=-1| -1 is not allowed: 0 is the least",
                "OLLA_LOG_MAX_AGE_DAYS=14d| 14d is no whole number",
                "OLLA_PRETTY_LOGS=maybe| maybe is neither true nor false",
                "OLLA_FILE_OUTPUT=2| 2 is neither true nor false",
            })
    void aVariableThatCannotBeReadEndsTheStartAndIsNamed(String variable, String message) {
        assertThat(load(environment(variable)))
                .isInstanceOfSatisfying(
                        ConfigLoader.Result.Refused.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly(new ConfigProblem(
                                        Severity.ERROR,
                                        null,
                                        0,
                                        variable.substring(0, variable.indexOf('=')),
                                        message)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OLLA_THEME=pink| pink is not allowed: one of default, dark, light; default is used",
                "OLLA_LOG_LEVEL=loud| loud is not allowed: one of debug, info, warn, error; info is used",
            })
    void aLookThatIsUnknownIsAWarning(String variable, String message) {
        List<ConfigProblem> problems = ((ConfigLoader.Result.Loaded) load(environment(variable)))
                .config()
                .problems();
        assertThat(problems).singleElement().asString().endsWith(": " + message);
    }

    @Test
    void aLogDirectoryThatCannotBeMadeEndsTheStart() throws Exception {
        Path taken = Files.createFile(folder.resolve("taken"));
        Files.writeString(folder.resolve("config.yaml"), "logging: {output: file}\n");
        String directory = taken.resolve("logs").toString();
        assertThat(load(Map.of("OLLA_LOG_DIR", directory)))
                .isInstanceOfSatisfying(
                        ConfigLoader.Result.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .isEqualTo("config.yaml:1: logging.output: the log directory " + directory
                                        + " can't be made"));
        assertThat(load(Map.of())).isInstanceOf(ConfigLoader.Result.Loaded.class);
        assertThat(folder.resolve("logs")).doesNotExist();
    }
}
