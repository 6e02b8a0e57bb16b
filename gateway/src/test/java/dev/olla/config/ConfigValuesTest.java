package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.ConcurrencyLimit;
import dev.olla.fleet.ConcurrencyLimits;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every key gives its value.
final class ConfigValuesTest extends ConfigLoading {

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
    @ValueSource(strings = {"model_aliases: {}", "dashboard:", "server: {rate_limits: ~}", "proxy: {retry: {}}"})
    void aSectionWithNothingInItIsNoOddity(String yaml) throws IOException {
        write("config.yaml", yaml);
        assertThat(loaded().problems()).isEmpty();
    }
}
