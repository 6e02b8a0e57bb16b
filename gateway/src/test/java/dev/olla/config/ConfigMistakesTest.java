package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong or odd, and the line that says so.
public final class ConfigMistakesTest extends ConfigLoading {

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
                "server: {rate_limits: {burst_size: 99999999999}}| server.rate_limits.burst_size: 99999999999 is not allowed: 2147483647 is the most",
                "server: {rate_limits: {burst_size: 99999999999999999999}}| server.rate_limits.burst_size: 99999999999999999999 is beyond any number that is of use here",
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
                "translators: {anthropic: {max_message_size: 0}}| translators.anthropic.max_message_size: 0 means the default, 10485760",
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
    void aModelListedTwiceIsAnOddity() throws IOException {
        write("config.yaml", "model_aliases: {a: [b, b]}\nmodel_registry: {routing_strategy: {type: optimistic}}\n");
        assertThat(warnings()).containsExactly("config.yaml:1: model_aliases.a: a model is listed twice");
    }
}
