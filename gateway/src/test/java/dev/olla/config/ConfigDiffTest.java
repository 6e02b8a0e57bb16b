package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigDiffTest {

    private static final String TWO = """
            discovery:
              static:
                endpoints:
                  - {url: "http://a:1", name: a, type: vllm}
                  - {url: "http://b:1", name: b, type: ollama, headers: {X-Key: s3cret}}
            """;

    @TempDir
    private Path folder;

    private Config config(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
        return switch (new ConfigLoader(Map.of("NEW_KEY", "other"), folder).load(file)) {
            case ConfigLoader.Result.Loaded(Config config) -> config;
            case ConfigLoader.Result.Refused refused -> throw new AssertionError(refused);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "server: {port: 1}| server: {port: 1}| none",
                "server: {}| server: {port: 40114, host: localhost}| none",
                "server: {read_timeout: 60s}| server: {read_timeout: 1m}| none",
                "server: {request_limits: {max_body_size: 1KB}}| server: {request_limits: {max_body_size: 1024}}| none",
                "logging: {level: warning}| logging: {level: WARN}| none",
                "logging: {level: loud}| logging: {level: info}| none",
                "x: 1| x: 2| none",
                "proxy: {max_retries: 1}| proxy: {max_retries: 2}| none",
                "proxy: {translate: true}| proxy: {translate: false}| proxy.translate",
                "{}| proxy: {sticky_sessions: {enabled: true}}| proxy.sticky_sessions.enabled",
                "server: {port: 1}| server: {port: 2}| server.port",
                "{}| logging: {level: debug}| logging.level",
                "{}| proxy: {response_header_timeout: 9s}| proxy.response_header_timeout",
                "proxy: {response_header_timeout: 9s}| {}| proxy.response_header_timeout",
                "{}| proxy: {slow_start: 1s}| proxy.slow_start",
                "{}| proxy: {circuit_breaker: {open_duration: 1s}}| proxy.circuit_breaker.open_duration",
                "{}| proxy: {retry: {on_status: [503]}}| proxy.retry.on_status",
                "{}| proxy: {retry: {on_status: [429, 502, 503]}}| none",
                "{}| engineering: {show_nerdstats: true}| engineering.show_nerdstats",
                "{}| proxy: {profile_filter: {exclude: [vllm]}}| proxy.profile_filter.exclude",
            })
    void keysAreComparedByWhatTheyComeTo(String before, String after, String changed) throws IOException {
        assertThat(ConfigDiff.of(config(before), config(after)))
                .containsExactly(changed == null ? new String[0] : new String[] {changed});
    }

    @Test
    void anEndpointIsTheSameWhereverItStands() throws IOException {
        Config before = config(TWO);
        Config swapped = config("""
                discovery:
                  static:
                    endpoints:
                      - {url: "http://b:1", name: b, type: ollama, headers: {X-Key: s3cret}}
                      - {url: "http://a:1", name: a, type: vllm}
                """);
        assertThat(ConfigDiff.of(before, swapped)).containsExactly("discovery.static.endpoints");
        assertThat(ConfigDiff.of(before, config(TWO.replace("name: a,", "name: a, priority: 7,"))))
                .containsExactly("discovery.static.endpoints[a].priority");
    }

    @Test
    void anEndpointThatCameOrWentIsOneEntry() throws IOException {
        Config two = config(TWO);
        Config three = config(TWO + "      - {url: 'http://c:1', name: c, type: vllm, priority: 7}\n");
        assertThat(ConfigDiff.of(two, three)).containsExactly("discovery.static.endpoints[c]");
        assertThat(ConfigDiff.of(three, two)).containsExactly("discovery.static.endpoints[c]");
    }

    @Test
    void secretsAreComparedAndNeverShown() throws IOException {
        Config before = config(TWO);
        Config after = config(TWO.replace("s3cret", "\"${NEW_KEY}\""));
        assertThat(ConfigDiff.of(before, after)).containsExactly("discovery.static.endpoints[b].headers");
        assertThat(before.toString() + before.resolved()).doesNotContain("s3cret");
    }

    @Test
    void onlyTheListenerNeedsARestart() throws IOException {
        Config before = config(TWO);
        Config after = config("server: {host: '::1', port: 2, read_timeout: 1s}\nlogging: {level: warn}\n" + TWO);
        assertThat(ConfigDiff.of(before, after)).contains("server.read_timeout", "logging.level");
        assertThat(RestartRequired.of(before, after)).containsExactly("server.host", "server.port");
        assertThat(RestartRequired.of(before, before)).isEmpty();
    }
}
