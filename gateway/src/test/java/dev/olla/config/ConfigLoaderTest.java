package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.olla.fleet.DiscoverySettings;
import dev.olla.http.ServerSettings;
import dev.olla.request.admit.AdmissionSettings;
import dev.olla.request.route.RoutingSettings;
import dev.olla.request.send.ProxySettings;
import dev.olla.telemetry.LoggingSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which file is read, what goes above it, and how what is wrong is told.
final class ConfigLoaderTest extends ConfigLoading {

    @Test
    void withoutAFileTheDefaultsHold() {
        Config config = loaded();
        assertThat(config.source()).isNull();
        assertThat(config.server()).isEqualTo(ServerSettings.DEFAULTS);
        assertThat(config.proxy()).isEqualTo(ProxySettings.DEFAULTS);
        assertThat(config.discovery()).isEqualTo(DiscoverySettings.DEFAULTS);
        assertThat(config.logging()).isEqualTo(LoggingSettings.DEFAULTS);
        assertThat(config.logging().requestLines()).isTrue();
        assertThat(config.admission()).isEqualTo(AdmissionSettings.DEFAULTS);
        assertThat(config.routing()).isEqualTo(RoutingSettings.DEFAULTS);
        assertThat(config.enableUnifier()).isTrue();
        assertThat(config.problems()).isEmpty();
        assertThat(config.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.name()).isEqualTo("localhost");
            assertThat(endpoint.url()).isEqualTo(URI.create("http://localhost:11434"));
            assertThat(endpoint.type()).isEqualTo("ollama");
        });
    }

    @Test
    void theFirstFileOfTheListIsTheOnlyOneRead() throws IOException {
        write("default.yaml", "server: {port: 4}");
        assertThat(loaded().server().port()).isEqualTo(4);
        write("config.yaml", "server: {port: 3}");
        assertThat(loaded().server().port()).isEqualTo(3);
        write("config/config.yaml", "server: {port: 2}");
        assertThat(loaded().server().port()).isEqualTo(2);
        write("config/config.local.yaml", "server: {host: x}");
        assertThat(loaded().server()).isEqualTo(ServerSettings.DEFAULTS.listeningOn("x", 40114));
        assertThat(loaded().source()).isEqualTo(Path.of("config/config.local.yaml"));
    }

    @Test
    void aNamedFileIsTheOnlyOneLookedAt() throws IOException {
        write("config.yaml", "server: {port: 3}");
        write("a.yaml", "server: {port: 5}");
        write("b.yaml", "server: {port: 6}");
        environment.put("OLLA_CONFIG_FILE", "a.yaml");
        assertThat(loaded().server().port()).isEqualTo(5);
        assertThat(loaded("b.yaml").server().port()).isEqualTo(6);
        assertThat(errors("c.yaml")).containsExactly("specified config file not found: c.yaml");
        environment.put("OLLA_CONFIG_FILE", "nowhere/x.yaml");
        assertThat(errors()).containsExactly("specified config file not found: nowhere/x.yaml");
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectories(folder.resolve("config.yaml"));
        assertThat(errors("config.yaml"))
                .containsExactly("specified config file can't be used: config.yaml: it is a directory");
        write("default.yaml", "server: {port: 4}");
        Config config = loaded();
        assertThat(config.server().port()).isEqualTo(4);
        assertThat(config.problems().toString()).contains("config.yaml is passed over: it is a directory");
    }

    @Test
    void aFileOfElevenMegabytesIsRefused() throws IOException {
        write("big.yaml", "#" + "x".repeat(11 * 1024 * 1024));
        assertThat(errors("big.yaml"))
                .containsExactly("specified config file can't be used: big.yaml: it is larger than 10 MB");
    }

    @Test
    void aFileThatFailsWhileReadIsOneLine() {
        assumeTrue(Files.exists(Path.of("/proc/self/mem")));
        assertThat(errors("/proc/self/mem"))
                .singleElement()
                .asString()
                .startsWith("specified config file can't be used: /proc/self/mem: it can't be read");
    }

    @Test
    void aFileThatDoesNotParseIsNeverPassedOver() throws IOException {
        write("config.yaml", "server:\n\tport: 1");
        write("default.yaml", "server: {port: 4}");
        assertThat(errors()).containsExactly("config.yaml:2: a tab can't indent a line of YAML: use spaces");
    }

    @Test
    void variablesWinOverTheFile() throws IOException {
        write("config.yaml", "server: {host: a, port: 1}\nproxy: {load_balancer: priority}\nlogging: {level: info}\n");
        environment.put("OLLA_SERVER_HOST", "b");
        environment.put("OLLA_SERVER_PORT", "2");
        environment.put("OLLA_SERVER_MAX_BODY_SIZE", "5 MiB");
        environment.put("OLLA_PROXY_LOAD_BALANCER", "round-robin");
        environment.put("OLLA_PROXY_READ_TIMEOUT", "");
        environment.put("OLLA_LOGGING_LEVEL", "WARNING");
        environment.put("OLLA_LOGGING_FORMAT", "text");
        environment.put("OLLA_MODEL_UNIFIER_ENABLED", "0");
        Config config = loaded();
        assertThat(config.server().host()).isEqualTo("b");
        assertThat(config.server().port()).isEqualTo(2);
        assertThat(config.server().maxBodySize()).isEqualTo(5 * 1024 * 1024);
        assertThat(config.proxy().loadBalancer()).isEqualTo("round-robin");
        assertThat(config.proxy().readTimeout()).hasMinutes(10);
        LoggingSettings standard = LoggingSettings.DEFAULTS;
        assertThat(config.logging())
                .isEqualTo(new LoggingSettings(
                        "warn", "text", false, "stdout", true, standard.colours(), standard.file()));
        assertThat(config.enableUnifier()).isFalse();
    }

    @Test
    void aVariableThatCannotBeReadIsNamed() {
        environment.put("OLLA_SERVER_PORT", "abc");
        environment.put("OLLA_PROXY_ENGINE", "turbo");
        environment.put("OLLA_PROXY_READ_TIMEOUT", "10");
        assertThat(errors())
                .containsExactlyInAnyOrder(
                        "OLLA_SERVER_PORT: abc is no whole number",
                        "OLLA_PROXY_ENGINE: turbo is not allowed: one of olla, sherpa",
                        "OLLA_PROXY_READ_TIMEOUT: 10 has no unit: write 10s or 10ms");
    }

    @Test
    void aMisspeltVariableIsAWarning() {
        environment.put("OLLA_SERVER_PROT", "5");
        environment.put("OLLA_MY_TOKEN", "s3cret");
        assertThat(warnings()).containsExactly("OLLA_SERVER_PROT: no such variable; did you mean OLLA_SERVER_PORT?");
    }

    @Test
    void validationAlsoChecksTheAddress() throws IOException {
        write("config.yaml", "server: {host: no-such-host.invalid}");
        assertThat(load(null)).isInstanceOf(ConfigLoader.Result.Loaded.class);
        assertThat(new ConfigLoader(environment, folder).validate(null))
                .isInstanceOfSatisfying(
                        ConfigLoader.Result.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .isEqualTo(
                                        "config.yaml: server.host: no-such-host.invalid is no host that is known here"));
        write("config.yaml", "server: {host: 127.0.0.1}");
        assertThat(new ConfigLoader(environment, folder).validate(null)).isInstanceOf(ConfigLoader.Result.Loaded.class);
    }

    @Test
    void allMistakesAreReportedTogetherErrorsFirst() throws IOException {
        write("config.yaml", """
                server:
                  prot: 1
                  port: 99999
                  port: 5
                  read_timeout: 30
                proxy: {engine: x}
                """);
        assertThat(problems())
                .containsExactly(
                        "config.yaml:3: server.port: 99999 is not allowed: a port is 1 to 65535",
                        "config.yaml:4: server.port: is written twice, first on line 3",
                        "config.yaml:5: server.read_timeout: 30 has no unit: write 30s or 30ms",
                        "config.yaml:6: proxy.engine: x is not allowed: one of olla, sherpa",
                        "config.yaml:2: server.prot: unknown key; did you mean port?");
    }

    @Test
    void aFileOfTooManyKeysIsRefused() throws IOException {
        write("config.yaml", "x:\n" + "  - 1\n".repeat(50_001));
        assertThat(errors()).containsExactly("config.yaml:50001: there are more than 50000 keys and values");
    }

    @Test
    void ofVeryManyProblemsTheFirstAreTold() throws IOException {
        StringBuilder yaml = new StringBuilder("server: {port: 0}\n");
        IntStream.range(0, 2000).forEach(i -> yaml.append("key").append(i).append(": 1\n"));
        write("config.yaml", yaml.toString());
        assertThat(load(null)).isInstanceOfSatisfying(ConfigLoader.Result.Refused.class, refused -> {
            assertThat(refused.problems()).hasSize(501);
            assertThat(refused.problems().getFirst().path()).isEqualTo("server.port");
            assertThat(refused.problems().getLast()).hasToString("config.yaml: and 1501 more problems");
        });
    }

    @Test
    void anExistingInstallationLoadsWithWarningsOnly() throws IOException {
        try (var in = ConfigLoaderTest.class.getResourceAsStream("/config/every-section.yaml")) {
            Files.copy(Objects.requireNonNull(in), folder.resolve("config.yaml"));
        }
        Config config = loaded();
        assertThat(config.endpoints()).hasSize(3);
        assertThat(config.endpoints().getFirst().headers()).isEqualTo(Map.of("X-Tenant", "home-one"));
        assertThat(warnings())
                .extracting(warning -> warning.split(": ", 3)[1])
                .containsExactlyInAnyOrder(
                        "server.rate_limits.per_endpoint.default_requests_per_minute",
                        "proxy.response_header_timeout",
                        "model_registry.unification.cache_ttl",
                        "model_registry.unification.custom_rules",
                        "proxy.max_retries",
                        "proxy.retry_backoff",
                        "proxy.stream_buffer_size",
                        "discovery.refresh_interval",
                        "discovery.health_check");
    }

    @Test
    void secretsNeverAppear() throws IOException {
        write("config.yaml", """
                s3cret-key: 1
                discovery:
                  static:
                    endpoints:
                      - name: a
                        url: "http://u:s3cret@h:1"
                        auth: {type: bearer, token: s3cret, s3cret: s3cret, s3cret: 1}
                        headers:
                          Authorization: s3cret
                          s3cret s3cret: s3cret
                          X: {s3cret: s3cret}
                          Y: "s3cret ${NOPE}"
                          Y: "s3cret"
                        health_check_url: "https://s3cret@h"
                        model_url: "s3cret@h:x"
                        api_key: s3cret
                      - {name: b, url: "http://h:1", headers: {A: s3cret}}
                """.replace("s3cret-key", "key"));
        assertThat(problems()).isNotEmpty().noneMatch(problem -> problem.contains("s3cret"));
        write("config.yaml", ENDPOINT + "        headers: {A: s3cret}\n");
        assertThat(loaded().toString()).doesNotContain("s3cret");
    }

    @Test
    void whatIsNoFileIsReadOnlyOnce() {
        ConfigLoader loader = new ConfigLoader(Map.of(), folder);
        assertThat(loader.load(Path.of("/dev/null"))).isInstanceOf(ConfigLoader.Result.Loaded.class);
        assertThat(loader.load(Path.of("/dev/null")))
                .isInstanceOfSatisfying(
                        ConfigLoader.Result.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .endsWith("it is a pipe or a device, which can be read only once"));
    }

    @Test
    void aModelsFileIsReadAndWhatItSaysInVainIsNamed() throws IOException {
        write("models.yaml", "x: 1");
        assertThat(warnings()).containsExactly("models.yaml:1: x: unknown key");
    }
}
