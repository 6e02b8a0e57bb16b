package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.ConcurrencyLimit;
import dev.olla.fleet.ConcurrencyLimits;
import dev.olla.fleet.DiscoverySettings;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.LimitPolicy;
import dev.olla.fleet.ModelAliases;
import dev.olla.fleet.ResidencySettings;
import dev.olla.http.BodyMemory;
import dev.olla.http.ServerSettings;
import dev.olla.request.admit.AccessPolicy;
import dev.olla.request.admit.AdmissionSettings;
import dev.olla.request.admit.CorsSettings;
import dev.olla.request.admit.DashboardSettings;
import dev.olla.request.admit.IpNetwork;
import dev.olla.request.admit.RateLimitSettings;
import dev.olla.request.route.RoutingSettings;
import dev.olla.request.select.QueueSettings;
import dev.olla.request.select.StickySettings;
import dev.olla.request.send.ProxySettings;
import dev.olla.request.send.RetrySettings;
import dev.olla.telemetry.LoggingSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public final class ConfigLoaderTest {

    private static final String ENDPOINT = """
            discovery:
              static:
                endpoints:
                  - url: http://gpu:8000
                    name: gpu
                    type: vllm
            """;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    // Finding the file

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

    // Values and their order

    @Test
    void everyServerKeyIsRead() throws IOException {
        write("config.yaml", """
                server:
                  host: "0.0.0.0"
                  port: 8080
                  read_timeout: 1m
                  read_header_timeout: 2s
                  write_timeout: 3s
                  idle_timeout: 4s
                  shutdown_timeout: 5s
                  request_logging: no
                  request_limits:
                    max_body_size: 1MB
                    max_header_size: 8192
                """);
        Config config = loaded();
        assertThat(config.server())
                .isEqualTo(new ServerSettings(
                        "0.0.0.0",
                        8080,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        1024 * 1024,
                        8192,
                        BodyMemory.STANDARD));
        assertThat(config.logging().requestLines()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "::", "0.0.0.0", "my-host.local", ""})
    void everyAddressMayBeListenedOn(String host) throws IOException {
        write("config.yaml", "server: {host: '" + host + "'}");
        assertThat(loaded().server().host()).isEqualTo(host);
    }

    @Test
    void everyProxyKeyIsRead() throws IOException {
        write("config.yaml", """
                proxy:
                  engine: sherpa
                  load_balancer: priority
                  profile: streaming
                  connection_timeout: 1s
                  connection_keep_alive: 9s
                  tls_handshake_timeout: 2s
                  response_timeout: 3s
                  read_timeout: 0s
                  response_header_timeout: 70s
                """);
        assertThat(loaded().proxy())
                .isEqualTo(new ProxySettings(
                        "sherpa",
                        "priority",
                        "streaming",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(3),
                        Duration.ZERO,
                        Duration.ofSeconds(70)));
        assertThat(loaded().problems()).isEmpty();
    }

    @Test
    void everyKeyOfQueueResidencyAndLimitsIsRead() throws IOException {
        write("config.yaml", """
                proxy:
                  load_balancer: resident-first
                  queue: {max_length: 5, max_wait: 6s, max_bytes: 7KB, affinity_wait: 3s, limits: none}
                  residency: {refresh: 1s, busy_window: 2s, prefer: false}
                discovery:
                  static:
                    endpoints:
                      - name: a
                        url: http://a
                        type: ollama
                        max_concurrent_requests: 9
                        resources: {concurrency_limits: [{min_memory_gb: 30.5, max_concurrent: 1}, {max_concurrent: 4}]}
                """);
        assertThat(loaded().problems()).isEmpty();
        assertThat(loaded().queue())
                .isEqualTo(new QueueSettings(5, Duration.ofSeconds(6), 7 * 1024, Duration.ofSeconds(3)));
        assertThat(loaded().residency())
                .isEqualTo(new ResidencySettings(Duration.ofSeconds(1), Duration.ofSeconds(2), false));
        ConcurrencyLimits limits = loaded().endpoints().getFirst().limits();
        assertThat(limits)
                .isEqualTo(new ConcurrencyLimits(
                        9, List.of(new ConcurrencyLimit(30.5, 1), new ConcurrencyLimit(0, 4)), LimitPolicy.NONE));
    }

    @Test
    void everyKeyOfRetryAndBreakerIsRead() throws IOException {
        write("config.yaml", """
                proxy:
                  retry:
                    enabled: false
                    on_connection_failure: false
                    on_status: [500, 504]
                    max_attempts: 2
                    budget_percent: 30
                    budget_min_per_second: 4
                  circuit_breaker: {failure_threshold: 7, open_duration: 8s, max_ejected_percent: 9}
                  slow_start: 10s
                """);
        assertThat(loaded().retry()).isEqualTo(new RetrySettings(false, false, Set.of(500, 504), 2, 30, 4));
        assertThat(loaded().breaker())
                .isEqualTo(new CircuitBreakerSettings(7, Duration.ofSeconds(8), 9, Duration.ofSeconds(10)));
        assertThat(loaded().problems()).isEmpty();
        write("config.yaml", "proxy: {retry: {on_status: []}}\n");
        assertThat(loaded().retry().onStatus()).isEmpty();
    }

    @Test
    void theMemoryOfBodiesIsReadWithinItsBounds() throws IOException {
        write("config.yaml", "proxy: {body_memory: 33MB}");
        assertThat(loaded().server().bodyMemory()).isEqualTo(33L * 1024 * 1024);
        write("config.yaml", "proxy: {body_memory: 1000TB}");
        assertThat(errors().getFirst()).contains("proxy.body_memory", "is the most", "MaxDirectMemorySize");
    }

    @Test
    void everyAdmissionKeyIsRead() throws IOException {
        write("config.yaml", """
                server:
                  rate_limits:
                    global_requests_per_minute: 1
                    per_ip_requests_per_minute: 2
                    health_requests_per_minute: 3
                    burst_size: 4
                    cleanup_interval: 5s
                    trust_proxy_headers: true
                    trusted_proxy_cidrs: ["192.0.2.0/24", "fd00::/8"]
                    per_endpoint: {default_requests_per_minute: 6}
                  cors:
                    enabled: true
                    allowed_origins: ["https://a.example", "https://*.b.example"]
                    allowed_methods: [PUT]
                    allowed_headers: [X-A]
                    exposed_headers: [X-B]
                    allow_credentials: true
                    max_age: 0
                dashboard:
                  enabled: false
                  access_policy: {allowed_cidrs: ["192.0.2.0/24"], allowed_hosts: [Olla.LAN]}
                  gate_internal_api: true
                """);
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("per_endpoint.default_requests_per_minute: limits every server to 6");
        assertThat(loaded().admission())
                .isEqualTo(new AdmissionSettings(
                        new RateLimitSettings(
                                1,
                                2,
                                3,
                                4,
                                Duration.ofSeconds(5),
                                true,
                                IpNetwork.listOf("192.0.2.0/24", "fd00::/8"),
                                6),
                        new CorsSettings(
                                true,
                                List.of("https://a.example", "https://*.b.example"),
                                List.of("PUT"),
                                List.of("X-A"),
                                List.of("X-B"),
                                true,
                                0),
                        new DashboardSettings(
                                false, new AccessPolicy(IpNetwork.listOf("192.0.2.0/24"), Set.of("olla.lan")), true)));
    }

    @Test
    void aListInAVariableHasCommas() {
        environment.put("OLLA_SERVER_TRUSTED_PROXY_CIDRS", " 192.0.2.0/24 , fd00::/8,");
        environment.put("OLLA_SERVER_CORS_ENABLED", "1");
        environment.put("OLLA_SERVER_CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example");
        environment.put("OLLA_SERVER_GLOBAL_RATE_LIMIT", "7");
        AdmissionSettings admission = loaded().admission();
        assertThat(admission.rateLimits().trustedProxies()).hasToString("[192.0.2.0/24, fd00::/8]");
        assertThat(admission.rateLimits().globalPerMinute()).isEqualTo(7);
        assertThat(admission.cors().enabled()).isTrue();
        assertThat(admission.cors().allowedOrigins()).containsExactly("https://a.example", "https://b.example");
        environment.put("OLLA_SERVER_TRUSTED_PROXY_CIDRS", "192.0.2.0/24, nonsense");
        assertThat(errors())
                .containsExactly("OLLA_SERVER_TRUSTED_PROXY_CIDRS: nonsense is no network: write one such as"
                        + " 10.0.0.0/8 or fd00::/8");
    }

    @Test
    void aWrittenZeroMeansTheDefaultWhereItAlwaysDid() throws IOException {
        write("config.yaml", """
                server: {read_header_timeout: 0s}
                proxy: {connection_timeout: 0s, tls_handshake_timeout: 0s, response_header_timeout: 0s}
                """);
        Config config = loaded();
        assertThat(config.server().readHeaderTimeout()).hasSeconds(10);
        assertThat(config.proxy().connectionTimeout()).hasSeconds(60);
        assertThat(config.proxy().tlsHandshakeTimeout()).hasSeconds(10);
        assertThat(config.proxy().responseHeaderTimeout()).hasSeconds(30);
    }

    @Test
    void nullKeepsTheDefault() throws IOException {
        write("config.yaml", "server:\nproxy: ~\nlogging: {level: , format: null}\ndiscovery: {static: }\n");
        Config config = loaded();
        assertThat(config.server()).isEqualTo(ServerSettings.DEFAULTS);
        assertThat(config.logging()).isEqualTo(LoggingSettings.DEFAULTS);
        assertThat(config.endpoints()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"endpoints: []", "endpoints:", "endpoints: ~"})
    void anEmptyListRemovesTheBuiltInEndpoint(String endpoints) throws IOException {
        write("config.yaml", "discovery:\n  static:\n    " + endpoints + "\n");
        assertThat(loaded().endpoints()).isEmpty();
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
    void aVariableWithoutEffectAndAMisspeltOneAreWarnings() {
        environment.put("OLLA_TRANSLATORS_ANTHROPIC_ENABLED", "true");
        environment.put("OLLA_SERVER_PROT", "5");
        environment.put("OLLA_MY_TOKEN", "s3cret");
        assertThat(warnings())
                .containsExactlyInAnyOrder(
                        "OLLA_TRANSLATORS_ANTHROPIC_ENABLED: known, but has no effect in this version",
                        "OLLA_SERVER_PROT: no such variable; did you mean OLLA_SERVER_PORT?");
    }

    // Endpoints

    @Test
    void everyEndpointKeyIsRead() throws IOException {
        environment.put("TOKEN", "t0ken");
        write("config.yaml", """
                discovery:
                  static:
                    endpoints:
                      - url: https://gpu.example:8443/base/
                        name: gpu
                        type: lmstudio
                        priority: 0
                        health_check_url: /up
                        model_url: http://other:1/models
                        check_interval: 10s
                        check_timeout: 9s
                        preserve_path: yes
                        model_filter: {include: ["llama*"], exclude: ["*embed*"]}
                        headers:
                          X-Key: "k-${TOKEN}-${MISSING:-none}-${}"
                          X-Number: 0123
                """);
        assertThat(loaded().endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.url()).isEqualTo(URI.create("https://gpu.example:8443/base/"));
            assertThat(endpoint.type()).isEqualTo("lmstudio");
            assertThat(endpoint.priority()).isZero();
            assertThat(endpoint.healthCheckUrl()).isEqualTo("/up");
            assertThat(endpoint.modelUrl()).isEqualTo("http://other:1/models");
            assertThat(endpoint.checkInterval()).hasSeconds(10);
            assertThat(endpoint.checkTimeout()).hasSeconds(9);
            assertThat(endpoint.preservePath()).isTrue();
            assertThat(endpoint.modelFilter().include()).containsExactly("llama*");
            assertThat(endpoint.modelFilter().exclude()).containsExactly("*embed*");
            assertThat(endpoint.headers()).isEqualTo(Map.of("X-Key", "k-t0ken-none-${}", "X-Number", "0123"));
        });
    }

    @Test
    void anEndpointNeedsOnlyNameAndUrl() throws IOException {
        write("config.yaml", "discovery: {static: {endpoints: [{url: 'http://gpu:1', name: gpu}]}}");
        assertThat(loaded().endpoints().getFirst())
                .isEqualTo(EndpointSettings.of("gpu", URI.create("http://gpu:1"), "auto"));
    }

    @ParameterizedTest
    @CsvSource({"2s, PT1S", "1s, PT0.5S", "10s, PT2S", "0s, PT2S"})
    void aCheckIntervalAloneIsEnough(String interval, Duration timeout) throws IOException {
        write("config.yaml", ENDPOINT + "        check_interval: " + interval + "\n");
        assertThat(loaded().endpoints().getFirst().checkTimeout()).isEqualTo(timeout);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "priority: -1| priority: -1 is not allowed: 0 is the least",
                "priority: high| priority: high is no whole number",
                "check_interval: 500ms| check_interval: 500ms is not allowed: 1s is the least",
                "check_interval: -5s| check_interval: -5s is not allowed: a duration can't be negative",
                "check_timeout: 5s| check_timeout: 5s is not allowed: it must be below check_interval, which is 5s",
                "check_timeout: -1s| check_timeout: -1s is not allowed: a duration can't be negative",
                "model_filter: {include: ['']}| model_filter.include: a pattern must not be blank",
                "model_filter: {exclude: 'a*'}| model_filter.exclude: a list is expected, such as [a, b]",
                "model_filter: 'a*'| model_filter: expected keys below it, each with a colon",
                "health_check_url: 'http://u:s3cret@h/'| health_check_url: credentials don't belong into a URL",
                "health_check_url: 'ftp://h/'| health_check_url: ftp://h/ is not allowed: only http and https can be used",
                "model_url: 'a b'| model_url: this is neither a path, such as /health, nor a URL",
                "headers: {A: \"${NOPE} ${NADA}\"}| headers: these variables are not set: NADA, NOPE",
                "headers: {'s3cret name': x}| headers: a name here is no header name",
                "headers: {A: \"s3cret\\nB: x\"}| headers: a value must be one line",
                "headers: {A: [s3cret]}| headers: every value must be a text",
                "headers: [s3cret]| headers: expected keys below it, each with a colon",
                "headers: {A: \"s3cret ✓\"}| headers: a value holds a character that no header can carry",
                "headers: {A: s3cret, a: s3cret}| headers: a header is written twice, first on line 7",
                "model_url: 'http://s3cret@h/'| model_url: credentials don't belong into a URL",
                "model_url: 's3cret:s3cret@h/x'| model_url: credentials don't belong into a URL",
                "health_check_url: '//s3cret@h/x'| health_check_url: credentials don't belong into a URL",
            })
    void aMistakeInAnEndpointIsNamedWithItsLine(String line, String message) throws IOException {
        write("config.yaml", ENDPOINT + "        " + line + "\n");
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("config.yaml:7: discovery.static.endpoints[0]." + message)
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''| an endpoint needs the URL of its server, such as http://localhost:11434",
                "~| an endpoint needs the URL of its server, such as http://localhost:11434",
                "gpu:8000| gpu:8000 is not allowed: it must start with http://",
                "/path| /path is not allowed: it must start with http://",
                "ftp://gpu| ftp://gpu is not allowed: only http and https can be used",
                "'http://'| this is no URL: write one such as http://localhost:11434",
                "'http:///x'| http:///x is not allowed: it names no host",
                "'http://:80'| http://:80 is not allowed: it names no host",
                "http://gpu:99999| http://gpu:99999 is not allowed: a port is 1 to 65535",
                "http://gpu:0| http://gpu:0 is not allowed: a port is 1 to 65535",
                "http://a_b:1| fine",
                "http://a*b:1| http://a*b:1 is not allowed: a host has letters",
                "http://gpu/?key=s3cret| fine",
                "ftp://gpu/?key=s3cret| ftp://gpu/ is not allowed: only http and https can be used",
                "http://u:s3cret@gpu| credentials don't belong into a URL",
                "http://u:s3^c r3t@gpu| credentials don't belong into a URL",
                "http://u:pa/s3cret@gpu| http://u:pa",
                "http://u:s3cret| this value is not allowed: a host has",
                "http://u:s3cret%40gpu| this value is not allowed: a host has",
                "s3cret@gpu| this value is not allowed: it must start with http://",
            })
    void aUrlMustNameAServer(String url, String message) throws IOException {
        write("config.yaml", "discovery:\n  static:\n    endpoints:\n      - name: gpu\n        url: " + url + "\n");
        if (message.equals("fine")) {
            assertThat(loaded().endpoints()).hasSize(1);
            return;
        }
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("config.yaml:5: discovery.static.endpoints[0].url: ")
                .doesNotContain("s3cret", "s3^c");
        if (!message.startsWith("http://u:pa")) {
            assertThat(errors().getFirst()).contains(message);
        }
    }

    @Test
    void credentialsInAUrlAreAnsweredWithWhatToWrite() throws IOException {
        write("config.yaml", "discovery: {static: {endpoints: [{name: a, url: 'http://bob:s3cret@gpu'}]}}");
        assertThat(errors().getFirst())
                .endsWith("write, beside url, auth: {type: basic, username: \"${OLLA_USERNAME}\","
                        + " password: \"${OLLA_PASSWORD}\"}");
        write("config.yaml", "discovery: {static: {endpoints: [{name: a, url: 'http://s3cret@gpu'}]}}");
        assertThat(errors().getFirst())
                .endsWith(" or, if it is a token, auth: {type: bearer, token: \"${OLLA_TOKEN}\"}");
    }

    @Test
    void namesAndUrlsAreUniqueAndNamesRequired() throws IOException {
        write("config.yaml", """
                discovery:
                  static:
                    endpoints:
                      - {url: "http://a:1?s3cret", name: a}
                      - {url: "http://a:1?s3cret", name: b}
                      - {url: "http://c:1", name: a}
                      - {url: "http://d:1"}
                      - {name: e}
                """);
        String at = ": discovery.static.endpoints";
        assertThat(errors())
                .containsExactly(
                        "config.yaml:5" + at + "[1].url: http://a:1 is taken by the endpoint on line 4",
                        "config.yaml:6" + at + "[2].name: a is taken by the endpoint on line 4",
                        "config.yaml:7" + at + "[3].name: an endpoint needs a name of its own",
                        "config.yaml:8" + at
                                + "[4].url: an endpoint needs the URL of its server, such as http://localhost:11434");
    }

    @Test
    void anUnknownTypeIsAnsweredWithAllTypes() throws IOException {
        write("config.yaml", ENDPOINT.replace("vllm", "olama"));
        assertThat(errors())
                .containsExactly("config.yaml:6: discovery.static.endpoints[0].type: olama is not allowed: one of"
                        + " docker-model-runner, lemonade, litellm, llamacpp, lm-studio, lmdeploy, ollama, omlx,"
                        + " openai-compatible, sglang, vllm, vllm-mlx, auto; did you mean ollama?");
    }

    @Test
    void aHeaderThatFramesTheMessageHasNoEffect() throws IOException {
        write("config.yaml", ENDPOINT + "        headers: {Content-Length: s3cret, A: b}\n");
        assertThat(loaded().endpoints().getFirst().headers()).isEqualTo(Map.of("A", "b"));
        assertThat(warnings()).singleElement().asString().doesNotContain("s3cret");
    }

    // Mistakes

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: {port: 99999}| server.port: 99999 is not allowed: a port is 1 to 65535",
                "server: {host: 'localhost:80'}| server.host: localhost:80 is not allowed: a port has its own key, server.port",
                "server: {host: 'http://x'}| server.host: http://x is not allowed: a port has its own key, server.port",
                "server: {host: 'a b'}| server.host: a b is not allowed: a name or an address is expected",
                "server: {port: 0}| server.port: 0 is not allowed: a port is 1 to 65535",
                "server: {port: '8080'}| server.port: a number stands without quotes: write 8080",
                "server: {port: [1]}| server.port: one value is expected here, of type integer",
                "server: {read_timeout: 30}| server.read_timeout: 30 has no unit: write 30s or 30ms",
                "server: {read_timeout: -1s}| server.read_timeout: -1s is not allowed: a duration can't be negative",
                "server: {request_logging: maybe}| server.request_logging: maybe is neither true nor false",
                "server: {request_limits: {max_body_size: big}}| server.request_limits.max_body_size: big is no size: write bytes, or a number with a unit such as 100MB",
                "server: 5| server: expected keys below it, each with a colon",
                "server: [5]| server: expected keys below it, each with a colon",
                "proxy: {engine: ''}| proxy.engine: an empty text is not allowed: one of olla, sherpa",
                "proxy: {load_balancer: roundrobin}| proxy.load_balancer: roundrobin is not allowed: one of least-connections, priority, round-robin, resident-first; did you mean round-robin?",
                "discovery: {type: dns}| discovery.type: dns is not allowed: one of static",
                "discovery: {static: {endpoints: {}}}| discovery.static.endpoints: a list is expected: start each item with -",
                "discovery: {static: {endpoints: [5]}}| discovery.static.endpoints[0]: expected keys below it, each with a colon",
                "discovery: {model_discovery: {interval: 0s}}| discovery.model_discovery.interval: 0s is not allowed while model_discovery is enabled",
                "discovery: {model_discovery: {timeout: 0s}}| discovery.model_discovery.timeout: 0s is not allowed while model_discovery is enabled",
                "discovery: {model_discovery: {concurrent_workers: 0}}| discovery.model_discovery.concurrent_workers: 0 is not allowed: 1 is the least",
                "discovery: {model_discovery: {retry_attempts: -1}}| discovery.model_discovery.retry_attempts: -1 is not allowed: 0 is the least",
                "server: {rate_limits: {burst_size: -1}}| server.rate_limits.burst_size: -1 is not allowed: 0 is the least",
                "server: {rate_limits: {trusted_proxy_cidrs: [10.0.0.0/33]}}| server.rate_limits.trusted_proxy_cidrs: 10.0.0.0/33 is no network: write one such as 10.0.0.0/8 or fd00::/8",
                "server: {rate_limits: {trusted_proxy_cidrs: [10.0.0.1]}}| server.rate_limits.trusted_proxy_cidrs: 10.0.0.1 is no network: write one such as 10.0.0.0/8 or fd00::/8, or 10.0.0.1/32 for this one address",
                "server: {cors: {enabled: true, allowed_origins: []}}| server.cors.allowed_origins: an empty list is not allowed while cors is enabled",
                "server: {cors: {enabled: true, allow_credentials: true}}| server.cors.allow_credentials: true is not allowed with the origin *: name the origins",
                "server: {cors: {enabled: true, max_age: -1}}| server.cors.max_age: -1 is not allowed: 0 is the least",
                "server: {cors: {enabled: true, exposed_headers: ['a b']}}| server.cors.exposed_headers: an item here is no header name",
                "dashboard: {access_policy: {allowed_cidrs: []}}| dashboard.access_policy.allowed_cidrs: an empty list lets nobody in: write at least one network",
                "dashboard: {access_policy: {allowed_cidrs: ['::1']}}| dashboard.access_policy.allowed_cidrs: ::1 is no network: write one such as 10.0.0.0/8 or fd00::/8, or ::1/128 for this one address",
                "dashboard: {enabled: false, gate_internal_api: true, access_policy: {allowed_cidrs: []}}| dashboard.access_policy.allowed_cidrs: an empty list lets nobody in: write at least one network",
                "model_registry: {type: redis}| model_registry.type: redis is not allowed: memory is the only one",
            })
    void aMistakeIsOneLineThatSaysWhatToWrite(String yaml, String message) throws IOException {
        write("config.yaml", "# a comment\n" + yaml + "\n");
        assertThat(errors()).first().isEqualTo("config.yaml:2: " + message);
    }

    @Test
    void admissionIsNotCheckedWhileDisabled() throws IOException {
        write("config.yaml", """
                server:
                  rate_limits: {global_requests_per_minute: 0, per_ip_requests_per_minute: -1, burst_size: 0}
                  cors: {allowed_origins: [], allow_credentials: true, max_age: -1}
                dashboard: {enabled: false, access_policy: {allowed_cidrs: []}}
                """);
        assertThat(loaded().problems()).isEmpty();
    }

    @Test
    void discoveryIsNotCheckedWhileDisabled() throws IOException {
        write("config.yaml", "discovery: {model_discovery: {enabled: false, interval: 0s, concurrent_workers: 0}}");
        assertThat(loaded().discovery().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "logging: {level: loud}| logging.level: loud is not allowed: one of debug, info, warn, error; info is used",
                "logging: {format: xml}| logging.format: xml is not allowed: one of json, text; json is used",
                "logging: {output: sdtout}| logging.output: sdtout is not allowed: one of stdout, file; did you mean stdout?; stdout is used",
                "proxy: {profile: fast}| proxy.profile: fast is not allowed: one of auto, streaming, standard; auto is used",
                "model_registry: {routing_strategy: {type: lax}}| model_registry.routing_strategy.type: lax is not allowed: one of strict, optimistic, discovery; strict is used",
                "server: {prot: 1}| server.prot: unknown key; did you mean port?",
                "server: {read-timeout: 1s}| server.read-timeout: unknown key; did you mean read_timeout?",
                "server: {zzz: 1}| server.zzz: unknown key",
                "sever: {port: 1}| sever: unknown key; did you mean server?",
                "server: {load_balancer: x}| server.load_balancer: unknown key; did you mean proxy.load_balancer?",
                "server: {rate_limits: {burst_size: 0}}| server.rate_limits.burst_size: 0 refuses every request that a limit holds for",
                "responses: {store: {ttl: 1h}}| responses: known, but has no effect in this version",
                "proxy: {max_retries: 1}| proxy.max_retries: has no effect: proxy.retry decides which answers are tried again",
                "discovery: {refresh_interval: 1s}| discovery.refresh_interval: has no effect: model_discovery.interval says when models are read again",
                "model_registry: {routing_strategy: {options: {discovery_timeout: 0s}}}| model_registry.routing_strategy.options.discovery_timeout: must be more than zero; 2s is used",
            })
    void anOddityIsAWarning(String yaml, String message) throws IOException {
        write("config.yaml", "\n" + yaml + "\n");
        assertThat(warnings()).containsExactly("config.yaml:2: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy: {sticky_sessions: {enabled: maybe}}| proxy.sticky_sessions.enabled: maybe is neither true nor false",
                "proxy: {sticky_sessions: {max_sessions: -1}}| proxy.sticky_sessions.max_sessions: -1 is not allowed: 0 is the least",
                "proxy: {sticky_sessions: {key_sources: ip}}| proxy.sticky_sessions.key_sources: a list is expected, such as [a, b]",
                "proxy: {retry: {max_attempts: many}}| proxy.retry.max_attempts: many is no whole number",
                "proxy: {retry: 3}| proxy.retry: expected keys below it, each with a colon",
                "proxy: {residency: {refresh: 50ms}}| proxy.residency.refresh: 50ms is not allowed: 100ms is the least",
                "proxy: {queue: {limits: some}}| proxy.queue.limits: some is not allowed: one of configured, profile, none",
                "proxy: {queue: {max_wait: 5}}| proxy.queue.max_wait: 5 has no unit: write 5s or 5ms",
                "proxy: {queue: {max_bytes: -1}}| proxy.queue.max_bytes: a size can't be negative",
                "proxy: {residency: {prefer: 1s}}| proxy.residency.prefer: 1s is neither true nor false",
                "proxy: {circuit_breaker: {max_ejected_percent: 101}}| proxy.circuit_breaker.max_ejected_percent: 101 is not allowed: a share is 0 to 100",
                "proxy: {circuit_breaker: {failure_threshold: 0}}| proxy.circuit_breaker.failure_threshold: 0 is not allowed: 1 is the least",
                "proxy: {retry: {on_status: [503, 200]}}| proxy.retry.on_status: 200 is not allowed: a status is 400 to 599",
                "proxy: {retry: {on_status: [busy]}}| proxy.retry.on_status: busy is not allowed: a status is 400 to 599",
                "proxy: {retry: {budget_percent: -1}}| proxy.retry.budget_percent: -1 is not allowed: a share is 0 to 100",
                "proxy: {slow_start: 30}| proxy.slow_start: 30 has no unit: write 30s or 30ms",
                "proxy: {translate: 1}| proxy.translate: 1 is neither true nor false",
                "proxy: {body_memory: 31MB}| proxy.body_memory: 31MB is not allowed: 32MB is the least",
                "proxy: {body_memory: -1}| proxy.body_memory: -1 is not allowed: 32MB is the least",
                "proxy: {body_memory: much}| proxy.body_memory: much is no size: write bytes, or a number with a unit such as 100MB",
                "model_registry: {unification: {stale_threshold: 1d}}| model_registry.unification.stale_threshold: 1d is no duration: write one such as 500ms, 30s, 5m or 1h30m",
                "model_registry: {routing_strategy: {options: {fallback_behavior: some}}}| model_registry.routing_strategy.options.fallback_behavior: some is not allowed: one of compatible_only, none, all",
                "translators: {anthropic: {max_message_size: 200MB}}| translators.anthropic.max_message_size: 209715200 is not allowed: 104857600 is the most, and it can't be negative",
                "translators: {anthropic: {enabled: x}}| translators.anthropic.enabled: x is neither true nor false",
                "responses: {store: {ttl: 1}}| responses.store.ttl: 1 has no unit: write 1s or 1ms",
                "telemetry: {decisions: {max_entries: -1}}| telemetry.decisions.max_entries: -1 is not allowed: 0 to 100000 records are kept",
                "model_aliases: {a: b}| model_aliases.a: a list is expected, such as [a, b]",
                "model_aliases: {' a': [b]}| model_aliases. a: an alias needs a name, without spaces around it",
                "model_aliases: {a: [x], A: [y]}| model_aliases.A: differs from the alias a in letter case only",
                "model_aliases: {a: []}| model_aliases.a: an alias needs at least one model",
                "model_aliases: {a: [b, '']}| model_aliases.a: a model of an alias needs a name",
                "engineering: {show_nerdstats: x}| engineering.show_nerdstats: x is neither true nor false",
                "proxy: {profile_filter: {include: [' ']}}| proxy.profile_filter.include: a pattern must not be blank",
                "proxy: {connection_keep_alive: 30}| proxy.connection_keep_alive: 30 has no unit: write 30s or 30ms",
            })
    void aMistakeInAKeyWithoutEffectIsOneToo(String yaml, String message) throws IOException {
        write("config.yaml", "# a comment\n" + yaml + "\n");
        assertThat(errors()).containsExactly("config.yaml:2: " + message);
    }

    @Test
    void aVariableOfAKeyWithoutEffectMustBeReadableToo() {
        environment.put("OLLA_PROXY_STICKY_SESSIONS_ENABLED", "perhaps");
        environment.put("OLLA_TRANSLATORS_ANTHROPIC_MAX_MESSAGE_SIZE", "lots");
        environment.put("OLLA_SHOW_NERD_STATS", "2");
        assertThat(errors())
                .containsExactlyInAnyOrder(
                        "OLLA_PROXY_STICKY_SESSIONS_ENABLED: perhaps is neither true nor false",
                        "OLLA_TRANSLATORS_ANTHROPIC_MAX_MESSAGE_SIZE: lots is no size: write bytes, or a number with a"
                                + " unit such as 100MB",
                        "OLLA_SHOW_NERD_STATS: 2 is neither true nor false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "idle_ttl_seconds: 0|0 means that sessions never expire",
                "idle_ttl_seconds: -5|-5 means that sessions never expire",
                "key_sources: [ip, cookie]|cookie is passed over: it is none of session_header, prefix_hash, auth_header, ip",
                "enabled: true, key_sources: []|without any source no session is recognised",
            })
    void oddSettingsOfStickySessionsAreTold(String written, String warning) throws IOException {
        write("config.yaml", "proxy: {sticky_sessions: {" + written + "}}");
        assertThat(warnings()).hasSize(1).first().asString().endsWith(warning);
    }

    @Test
    void stickySessionsAreRead() throws IOException {
        write("config.yaml", """
                proxy:
                  sticky_sessions: {enabled: true, idle_ttl_seconds: 60, max_sessions: 5, key_sources: [ip, auth_header],
                    prefix_hash_bytes: 0}
                """);
        assertThat(loaded().sticky())
                .isEqualTo(new StickySettings(
                        true,
                        Duration.ofMinutes(1),
                        5,
                        List.of(StickySettings.Source.IP, StickySettings.Source.AUTH_HEADER),
                        0));
    }

    @Test
    void aModelListedTwiceIsAnOddity() throws IOException {
        write("config.yaml", "model_aliases: {a: [b, b]}\nmodel_registry: {routing_strategy: {type: optimistic}}\n");
        assertThat(warnings()).containsExactly("config.yaml:1: model_aliases.a: a model is listed twice");
    }

    @Test
    void howRequestsFindTheirServersIsRead() throws IOException {
        write("config.yaml", """
                model_registry:
                  routing_strategy:
                    type: discovery
                    options: {fallback_behavior: none, discovery_timeout: 5s, discovery_refresh_on_miss: true}
                model_aliases: {Fast: [a, b]}
                """);
        RoutingSettings routing = loaded().routing();
        assertThat(routing)
                .isEqualTo(new RoutingSettings(
                        RoutingSettings.Strategy.DISCOVERY,
                        RoutingSettings.Fallback.NONE,
                        Duration.ofSeconds(5),
                        true,
                        new ModelAliases(Map.of("Fast", List.of("a", "b")))));
    }

    @ParameterizedTest
    @CsvSource({"strict, COMPATIBLE_ONLY", "optimistic, COMPATIBLE_ONLY", "discovery, ALL"})
    void anEmptyFallbackIsWhatSuitsTheStrategy(String type, RoutingSettings.Fallback fallback) throws IOException {
        write(
                "config.yaml",
                "model_registry: {routing_strategy: {type: " + type + ", options: {fallback_behavior: ''}}}");
        assertThat(loaded().routing().fallback()).isEqualTo(fallback);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: []| ollama vllm lm-studio",
                "include: ['*']| ollama vllm lm-studio",
                "include: [ollama, 'v*']| ollama vllm",
                "exclude: ['*llm*']| ollama lm-studio",
                "include: ['??-studio']| lm-studio",
                "include: ['OLLAMA', vllm], exclude: [vllm]| ollama",
            })
    void profilesThatAreFilteredOutAreNotServed(String filter, String served) throws IOException {
        write("config.yaml", "proxy: {profile_filter: {" + filter + "}}\ndiscovery: {static: {endpoints: []}}\n");
        Profiles profiles = loaded().profiles();
        for (String name : List.of("ollama", "vllm", "lm-studio")) {
            boolean wanted = List.of(served.split(" ")).contains(name);
            assertThat(profiles.byName().containsKey(name)).as(name).isEqualTo(wanted);
        }
        assertThat(profiles.byType("auto")).isNotNull();
    }

    @Test
    void anEndpointOfAKindThatIsFilteredOutIsAMistake() throws IOException {
        write("config.yaml", "proxy: {profile_filter: {exclude: [vllm]}}\n" + ENDPOINT);
        assertThat(errors())
                .containsExactly("config.yaml:7: discovery.static.endpoints[0].type: vllm is not allowed:"
                        + " proxy.profile_filter leaves it out");
        write("config.yaml", "proxy: {profile_filter: {include: [vllm]}}\n" + ENDPOINT.replace("vllm", "auto"));
        assertThat(loaded().endpoints()).hasSize(1);
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

    @ParameterizedTest
    @ValueSource(strings = {"model_aliases: {}", "dashboard:", "server: {rate_limits: ~}", "proxy: {retry: {}}"})
    void aSectionWithNothingInItIsNoOddity(String yaml) throws IOException {
        write("config.yaml", yaml);
        assertThat(loaded().problems()).isEmpty();
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
                        "discovery.health_check",
                        "translators");
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
    void aPlaceWithoutAValueIsReportedOnce() throws IOException {
        write("config.yaml", "discovery: {static: {endpoints: [5, {url: [1], name: {a: 1}}]}}");
        assertThat(problems())
                .containsExactly(
                        "config.yaml:1: discovery.static.endpoints[0]: expected keys below it, each with a colon",
                        "config.yaml:1: discovery.static.endpoints[1].url: one value is expected here, of type text",
                        "config.yaml:1: discovery.static.endpoints[1].name: one value is expected here, of type text");
    }

    @Test
    void aFilterWithAMistakeHidesNoOtherMistake() throws IOException {
        write("config.yaml", "proxy: {profile_filter: {include: ['']}}\n" + ENDPOINT.replace("vllm", "vlm"));
        assertThat(problems()).noneMatch(problem -> problem.contains("one of , auto"));
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

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ConfigLoader.Result load(@Nullable String named) {
        return new ConfigLoader(environment, folder).load(named == null ? null : Path.of(named));
    }

    private Config loaded() {
        return loaded(null);
    }

    private Config loaded(@Nullable String named) {
        return switch (load(named)) {
            case ConfigLoader.Result.Loaded(Config config) -> config;
            case ConfigLoader.Result.Refused refused -> throw new AssertionError(refused);
        };
    }

    private List<String> problems() {
        List<ConfigProblem> problems = switch (load(null)) {
            case ConfigLoader.Result.Loaded(Config config) -> config.problems();
            case ConfigLoader.Result.Refused refused -> refused.problems();
        };
        return problems.stream().map(ConfigProblem::toString).toList();
    }

    private List<String> errors() {
        return errors(null);
    }

    private List<String> errors(@Nullable String named) {
        return switch (load(named)) {
            case ConfigLoader.Result.Loaded loaded -> throw new AssertionError(loaded);
            case ConfigLoader.Result.Refused refused ->
                refused.problems().stream()
                        .filter(problem -> problem.severity() == Severity.ERROR)
                        .map(ConfigProblem::toString)
                        .toList();
        };
    }

    private List<String> warnings() {
        return loaded().problems().stream().map(ConfigProblem::toString).toList();
    }
}
