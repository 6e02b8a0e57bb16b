package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as its user meets it: a process with arguments, a working directory, output and an exit status.
final class MainTest {

    @TempDir
    private Path folder;

    private record Ended(int status, String out, String err) {}

    @Test
    void theVersionGoesToStandardOutput() throws Exception {
        Ended ended = run("--version");
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).startsWith("olla ").contains("runtime: ", "os: ", "arch: ");
    }

    @Test
    void helpNamesEveryFlag() throws Exception {
        Ended ended = run("-h");
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("--config PATH", "--validate-config", "--version", "--profile", "--help");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void anUnknownFlagEndsWithTwo() throws Exception {
        Ended ended = run("--prot=5");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).isEqualTo("olla: unknown flag --prot (see olla --help)\n");
    }

    @Test
    void everyMistakeInTheFileIsOneLine() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "server:\n  port: 99999\n  prot: 1\nproxy: {engine: x}\n");
        Ended ended = run();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(messages(ended))
                .containsExactly(
                        "ERROR config.yaml:2: server.port: 99999 is not allowed: a port is 1 to 65535",
                        "ERROR config.yaml:4: proxy.engine: x is not allowed: one of olla, sherpa",
                        "WARN  config.yaml:3: server.prot: unknown key; did you mean port?");
    }

    @Test
    void brokenYamlIsOneLineWithoutAStackTrace() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "server: [");
        Ended ended = run("-c", "config.yaml");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(messages(ended))
                .singleElement()
                .asString()
                .startsWith("ERROR config.yaml:1: this is not valid YAML");
    }

    @Test
    void mistakesAreJsonAndInTheLogFileIfWanted() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "server: {port: 99999, prot: 1}\n");
        Ended json = run(Map.of("OLLA_PRETTY_LOGS", "false"));
        assertThat(json.err().lines().filter(line -> line.startsWith("{")))
                .hasSize(2)
                .first()
                .asString()
                .matches("\\{\"timestamp\":\"[-0-9]+ [:0-9]+\",\"level\":\"ERROR\",\"msg\":\"config.yaml:1: .*\"}");
        assertThat(folder.resolve("logs")).doesNotExist();
        Ended quiet = run(Map.of("OLLA_LOG_LEVEL", "error", "OLLA_FILE_OUTPUT", "true"));
        assertThat(messages(quiet)).hasSize(1);
        assertThat(folder.resolve("logs/olla.log")).content().contains("\"level\":\"ERROR\"");
    }

    @Test
    void aLogDirectoryThatCannotBeMadeIsOneLineAndEndsWithOne() throws Exception {
        Files.createFile(folder.resolve("taken"));
        Files.writeString(folder.resolve("config.yaml"), "logging:\n  output: file\n");
        Ended ended = run(Map.of("OLLA_LOG_DIR", "taken/logs"));
        assertThat(ended.status()).isEqualTo(1);
        assertThat(messages(ended))
                .containsExactly("ERROR config.yaml:2: logging.output: the log directory taken/logs can't be made");
    }

    @Test
    void validationPrintsItsReportAndDoesNotStart() throws Exception {
        Ended clean = run("--validate-config");
        assertThat(clean.status()).isZero();
        assertThat(clean.out()).startsWith("Olla Configuration Validation\n").contains("Result: PASS");
        Files.writeString(folder.resolve("config.yaml"), "sever: {}");
        Ended warned = run("--validate-config");
        assertThat(warned.status()).isEqualTo(1);
        assertThat(warned.out()).contains("[WARN] config.yaml ", "Result: FAIL");
    }

    private static List<String> messages(Ended ended) {
        return ended.err()
                .lines()
                .filter(line -> line.startsWith("ERROR") || line.startsWith("WARN") || line.contains("at dev.olla"))
                .toList();
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    private Ended run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = java(Main.class, arguments)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// A JVM with our class path and none of our variables.
    static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absoluteClassPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("OLLA_"));
        return builder;
    }

    private static String absoluteClassPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElse("");
    }
}
