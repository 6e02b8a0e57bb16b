package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ValidationReportTest {

    @TempDir
    private Path folder;

    @Test
    void withoutAFileAllIsWell() {
        ValidationReport report = report();
        assertThat(report.clean()).isTrue();
        assertThat(report.text()).isEqualTo("""
                        Olla Configuration Validation
                        ==============================
                        [OK]   config.yaml  (none found, using built-in defaults)
                        [OK]   models.yaml  using embedded defaults
                        [OK]   profiles     11 profile(s) loaded

                        Result: PASS - all configuration files are valid
                        """);
    }

    @Test
    void aCleanFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "server: {port: 5}");
        assertThat(report().text()).contains("[OK]   config.yaml  loaded from config.yaml\n");
        assertThat(report().clean()).isTrue();
    }

    @Test
    void aWarningIsListedAndCountsAsAFailure() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "sever: {port: 5}");
        Files.writeString(folder.resolve("models.yaml"), "");
        ValidationReport report = report();
        assertThat(report.clean()).isFalse();
        assertThat(report.text()).isEqualTo("""
                        Olla Configuration Validation
                        ==============================
                        [WARN] config.yaml  loaded from config.yaml (1 issue(s))
                          - config.yaml:1: sever: unknown key; did you mean server?
                        [WARN] models.yaml  using embedded defaults (1 issue(s))
                          - models.yaml: the file is empty
                        [OK]   profiles     11 profile(s) loaded

                        Result: FAIL - one or more configuration files could not be fully parsed
                        """);
    }

    @Test
    void everyMistakeIsListed() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "server: {port: 0}\nproxy: {engine: x}\n");
        ValidationReport report = report();
        assertThat(report.clean()).isFalse();
        assertThat(report.text()).contains("""
                        [FAIL] config.yaml  config.yaml can't be used (2 issue(s))
                          - config.yaml:1: server.port: 0 is not allowed: a port is 1 to 65535
                          - config.yaml:2: proxy.engine: x is not allowed: one of olla, sherpa
                        """);
    }

    private ValidationReport report() {
        return ValidationReport.of(new ConfigLoader(Map.of(), folder).load(null));
    }
}
