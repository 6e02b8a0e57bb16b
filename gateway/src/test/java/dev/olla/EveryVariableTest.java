package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.ConfigLoader;
import dev.olla.config.ConfigProblem;
import dev.olla.config.KnownKeys;
import dev.olla.testbed.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every variable does what it says, and one that can't be read ends the start and is named. What those do that
/// stand for a key is shown by [EveryKeyTest], for the rest a process is started.
class EveryVariableTest {

    /// Any text will do for these.
    private static final Set<String> FREE = Set.of(
            "OLLA_SERVER_CORS_ALLOWED_ORIGINS",
            "OLLA_SERVER_CORS_ALLOWED_METHODS",
            "OLLA_SERVER_CORS_ALLOWED_HEADERS",
            "OLLA_SERVER_CORS_EXPOSED_HEADERS");

    /// A wrong one of these is a warning, and the default is used.
    private static final Set<String> FORGIVEN =
            Set.of("OLLA_PROXY_PROFILE", "OLLA_LOGGING_LEVEL", "OLLA_LOGGING_FORMAT");

    /// Those whose effect is seen here, in a process, or in the test of the log file.
    private static final Set<String> SEEN_IN_A_PROCESS =
            Set.of("OLLA_LOGGING_LEVEL", "OLLA_LOGGING_FORMAT", "OLLA_SHOW_NERD_STATS", "OLLA_MODEL_REGISTRY_TYPE");

    @TempDir
    private Path folder;

    static Stream<String> variables() {
        return KnownKeys.variables().keySet().stream().filter(variable -> !FREE.contains(variable));
    }

    @Test
    void noVariableIsWithoutATest() {
        Set<String> tested = EveryKeyTest.settings()
                .map(Setting::variable)
                .filter(variable -> variable != null)
                .collect(Collectors.toCollection(TreeSet::new));
        tested.addAll(SEEN_IN_A_PROCESS);
        assertThat(tested).isEqualTo(KnownKeys.variables().keySet());
    }

    @ParameterizedTest
    @MethodSource("variables")
    void whatCannotBeReadIsNamed(String variable) {
        String key = KnownKeys.variables().get(variable);
        String value = "duration".equals(KnownKeys.inEffect().get(key)) ? "5" : "wr ong";
        ConfigLoader.Result result = new ConfigLoader(Map.of(variable, value), folder).load(null);
        List<ConfigProblem> problems = switch (result) {
            case ConfigLoader.Result.Refused(var _, var found) -> found;
            case ConfigLoader.Result.Loaded(var config) -> config.problems();
        };
        assertThat(result instanceof ConfigLoader.Result.Refused).isNotEqualTo(FORGIVEN.contains(variable));
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith(variable + ": ")
                .contains(value);
    }

    @Test
    void severalThatCannotBeReadEndTheStartTogether() throws Exception {
        Ended ended = run(Map.of("OLLA_SERVER_PORT", "x", "OLLA_SERVER_READ_TIMEOUT", "5", "OLLA_LOG_SIZE_MB", "big"));
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err().lines().filter(line -> line.startsWith("ERROR ")))
                .hasSize(3)
                .allMatch(line -> line.matches("ERROR OLLA_(SERVER_PORT|SERVER_READ_TIMEOUT|LOG_SIZE_MB): .*"));
        assertThat(ended.err()).doesNotContain("\tat ");
    }

    /// What a start and a stop write with that variable, on either output, and what they do without it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OLLA_LOGGING_LEVEL=debug       | HTTP request completed|",
                "OLLA_LOGGING_LEVEL=error       | | Olla started",
                "OLLA_LOGGING_FORMAT=text       | level=INFO msg| \"level\"",
                "OLLA_SHOW_NERD_STATS=true      | Runtime memory|",
                "OLLA_ENABLE_PROFILER=true      | no profiling server|",
                "OLLA_SHOW_VERSION=true         | runtime: | Olla started",
                "OLLA_CONFIG_FILE=other.yaml    | \"file\":\"other.yaml\"|",
                "OLLA_THEME=pink                | pink is not allowed: one of default, dark, light|",
                "OLLA_LOG_LEVEL=loud            | loud is not allowed: one of debug, info, warn, error|",
            })
    void whatIsReadWithoutTheFileHasItsEffect(String variable, String shown, String hidden) throws Exception {
        Files.writeString(folder.resolve("other.yaml"), "");
        Map<String, String> variables = Map.of(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        Ended ended = run(variables);
        assertThat(ended.status()).isZero();
        assertThat(ended.all()).contains(shown == null ? "" : shown);
        if (hidden != null) {
            assertThat(ended.all()).doesNotContain(hidden);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OLLA_FORCE_COLORS=true, true",
        "FORCE_COLOR=1, true",
        "FORCE_COLOR=0, false",
        "FORCE_COLOR=1 NO_COLOR=1, false",
        "OLLA_FORCE_COLORS=true NO_COLOR=1, false",
        "OLLA_THEME=dark, false",
    })
    void coloursAreAsked(String variables, boolean coloured) throws Exception {
        Map<String, String> environment = Stream.of(variables.split(" ", -1))
                .collect(Collectors.toMap(pair -> pair.split("=", 2)[0], pair -> pair.split("=", 2)[1]));
        environment.put("OLLA_LOGGING_FORMAT", "text");
        assertThat(run(environment).out().contains("\u001B[")).isEqualTo(coloured);
    }

    @Test
    void theLogFileIsWhereAndAsLargeAsTheVariablesSay() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "logging: {output: file}\n");
        Files.createDirectory(folder.resolve("there"));
        Files.writeString(folder.resolve("there/olla.log"), "x".repeat(1_100_000) + "\n");
        for (int i = 1; i <= 4; i++) {
            Files.writeString(folder.resolve("there/olla-2026-01-0" + i + "T00-00-00.000.log.gz"), "");
        }
        Ended ended = run(Map.of(
                "OLLA_LOG_DIR", "there",
                "OLLA_LOG_SIZE_MB", "1",
                "OLLA_LOG_MAX_BACKUPS", "2",
                "OLLA_LOG_MAX_AGE_DAYS", "0"));
        assertThat(folder.resolve("there/olla.log")).content().startsWith("{").contains("Olla stopped");
        try (Stream<Path> backups = Files.list(folder.resolve("there"))) {
            assertThat(backups.filter(file -> file.toString().endsWith(".gz"))).hasSize(2);
        }
        assertThat(folder.resolve("logs")).doesNotExist();
        assertThat(ended.err()).doesNotContain("LOGBACK");
    }

    private record Ended(int status, String out, String err) {
        String all() {
            return out + err;
        }
    }

    /// Starts the program and stops it as soon as it runs, if it doesn't end by itself.
    private Ended run(Map<String, String> variables) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int port = FaultListener.closedPort();
        ProcessBuilder builder = MainTest.java(Main.class)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("NO_COLOR", "FORCE_COLOR"));
        builder.environment().put("OLLA_SERVER_PORT", "" + port);
        builder.environment().putAll(variables);
        Process process = builder.start();
        Eventually.await("it runs or has ended", () -> !process.isAlive() || answers(port));
        process.toHandle().destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static boolean answers(int port) {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET", "/internal/health", "", "");
            return client.readResponse().status() == 200;
        } catch (IOException _) {
            return false;
        }
    }
}
