package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.ConfigMistakesTest;
import dev.olla.config.KnownKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every key does what it says, written in the file or given by its variable. A key that is neither in a table of
/// effects nor in the tests named here fails the build.
class EveryKeyTest {

    private static final String ENDPOINT = "discovery.static.endpoints[].";

    /// Keys whose effect another test shows.
    private static final Map<String, Class<?>> ELSEWHERE = elsewhere();

    private static Map<String, Class<?>> elsewhere() {
        Map<String, Class<?>> tests = new HashMap<>();
        tests.put("server.shutdown_timeout", WireDrainTest.class);
        tests.put("server.request_logging", LogsTest.class);
        tests.put("server.rate_limits.per_endpoint.default_requests_per_minute", AdmissionTest.class);
        tests.put("proxy.profile_filter.include", SettingsTest.class);
        tests.put("proxy.profile_filter.exclude", SettingsTest.class);
        tests.put("proxy.body_memory", WireBodyMemoryTest.class);
        for (String key : List.of("max_length", "max_wait", "max_bytes", "limits")) {
            tests.put("proxy.queue." + key, QueueTest.class);
        }
        tests.put("proxy.queue.affinity_wait", AffinityTest.class);
        tests.put("proxy.residency.refresh", ResidentFirstTest.class);
        tests.put("proxy.residency.busy_window", ResidencyKeysTest.class);
        tests.put("proxy.residency.prefer", ResidencyKeysTest.class);
        tests.put(ENDPOINT + "max_concurrent_requests", QueueTest.class);
        for (String key : List.of("min_memory_gb", "max_concurrent")) {
            tests.put(ENDPOINT + "resources.concurrency_limits[]." + key, QueueTest.class);
        }
        tests.put("ollama.management", OllamaManagementTest.class);
        tests.put("logging.level", LogsTest.class);
        tests.put("logging.format", LogsTest.class);
        tests.put("logging.output", LogsTest.class);
        tests.put("engineering.show_nerdstats", LogsTest.class);
        tests.put(ENDPOINT + "url", SettingsTest.class);
        tests.put(ENDPOINT + "priority", BalancingTest.class);
        tests.put(ENDPOINT + "preserve_path", SettingsTest.class);
        tests.put(ENDPOINT + "headers", CredentialTest.class);
        for (String key : List.of("type", "token", "key", "header", "username", "password")) {
            tests.put(ENDPOINT + "auth." + key, CredentialTest.class);
        }
        for (String key : List.of("ca_file", "server_name", "insecure_skip_verify")) {
            tests.put(ENDPOINT + "tls." + key, EndpointTlsTest.class);
        }
        tests.put(ENDPOINT + "tls.http2", Http2UpstreamTest.class);
        tests.put("model_aliases", AliasTest.class);
        for (String key : List.of(
                "type",
                "options.fallback_behavior",
                "options.discovery_timeout",
                "options.discovery_refresh_on_miss")) {
            tests.put("model_registry.routing_strategy." + key, RoutingStrategyTest.class);
        }
        for (String key : List.of("idle_ttl_seconds", "max_sessions", "key_sources", "prefix_hash_bytes")) {
            tests.put("proxy.sticky_sessions." + key, StickySessionsTest.class);
        }
        for (String key : List.of("enabled", "on_connection_failure", "on_status", "max_attempts")) {
            tests.put("proxy.retry." + key, RetryTest.class);
        }
        for (String key : List.of("budget_percent", "budget_min_per_second")) {
            tests.put("proxy.retry." + key, RetryTest.class);
        }
        for (String key : List.of("failure_threshold", "open_duration", "max_ejected_percent")) {
            tests.put("proxy.circuit_breaker." + key, EjectionTest.class);
        }
        tests.put("proxy.slow_start", EjectionTest.class);
        tests.put(ENDPOINT + "weight", BalancingTest.class);
        for (String key : List.of("enabled", "across_kinds", "stale_threshold", "cleanup_interval")) {
            tests.put("model_registry.unification." + key, CatalogueTest.class);
        }
        tests.put("telemetry.decisions.max_entries", DecisionsTest.class);
        // There is one value, and the effect of any other is that the start is refused, or warned of.
        for (String key : List.of("discovery.type", "model_registry.type")) {
            tests.put(key, ConfigMistakesTest.class);
        }
        return tests;
    }

    static Stream<KeyEffect> effects() {
        return Stream.of(ServerKeyEffects.all(), ProxyKeyEffects.all(), FormatKeyEffects.all(), FleetKeyEffects.all())
                .flatMap(List::stream);
    }

    static Stream<Setting> settings() {
        return effects()
                .flatMap(effect -> Stream.of(
                        new Setting(effect.key(), effect.value(), null),
                        new Setting(effect.key(), effect.value(), variableFor(effect.key()))))
                .distinct();
    }

    private static @Nullable String variableFor(String key) {
        return KnownKeys.variables().entrySet().stream()
                .filter(variable -> variable.getValue().equals(key))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingHasItsEffect(Setting setting) throws Exception {
        effects()
                .filter(effect -> effect.key().equals(setting.key()))
                .findFirst()
                .orElseThrow()
                .scenario()
                .observe(setting);
    }

    @Test
    void noKeyIsWithoutATest() {
        TreeSet<String> tested = new TreeSet<>(ELSEWHERE.keySet());
        effects()
                .map(KeyEffect::key)
                .forEach(key -> assertThat(tested.add(key)).as(key).isTrue());
        assertThat(tested).isEqualTo(KnownKeys.inEffect().keySet());
    }

    @Test
    void theTestsNamedHereKnowTheirKeys() throws IOException {
        for (Map.Entry<String, Class<?>> elsewhere : ELSEWHERE.entrySet()) {
            String key = elsewhere.getKey();
            Path source =
                    Path.of("src/test/java", elsewhere.getValue().getName().replace('.', '/') + ".java");
            assertThat(Files.readString(source)).as(key).contains(key.substring(key.lastIndexOf('.') + 1));
        }
    }
}
