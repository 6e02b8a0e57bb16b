package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What settings do, as a client, a server or the system sees it.
final class SettingsTest {

    private static final String CHAT = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final SimulatedServer server = SimulatedServer.ollama("box")
            .model("llama3.2:latest", 2_000_000_000L)
            .model("nomic-embed-text:latest", 200_000_000L)
            .start();

    @AfterEach
    void close() {
        server.close();
    }

    private TestGateway gateway(String settings, String... endpointKeys) {
        String endpoint = TestGateway.endpoint("box", server.uri().toString(), "ollama");
        for (String key : endpointKeys) {
            endpoint = endpoint.replace("}\n", ", " + key + "}\n");
        }
        return TestGateway.of(settings + "\ndiscovery:\n  static:\n    endpoints:\n" + endpoint);
    }

    @Test
    void withoutTheUnifierThereAreNoUnifiedModels() {
        try (TestGateway gateway = gateway("model_registry: {enable_unifier: false}")) {
            assertThat(gateway.json("/olla/models").has("recent_models")).isTrue();
            HttpResponse<String> one = gateway.get("/olla/models/llama3.2:latest");
            assertThat(one.statusCode()).isEqualTo(501);
            assertThat(one.body()).contains("Unified models not supported");
            assertThat(gateway.json("/olla/ollama/api/tags").get("models").size())
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: [ollama]| /olla/vllm/v1/models| 404",
                "include: [ollama]| /olla/ollama/api/tags| 200",
                "exclude: ['*studio*']| /olla/lmstudio/v1/models| 404",
                "exclude: ['*studio*']| /olla/lm-studio/v1/chat/completions| 404",
                "exclude: ['*studio*']| /olla/vllm/v1/models| 200",
                "include: [ollama]| /olla/proxy/v1/models| 200",
            })
    void routesOfProfilesThatAreFilteredOutDontExist(String filter, String path, int status) {
        try (TestGateway gateway = gateway("proxy: {profile_filter: {" + filter + "}}")) {
            assertThat(gateway.get(path).statusCode()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"7s, 7", "0s, 30", "2m, 120"})
    void theSystemAsksAfterThatSilenceWhetherAConnectionStands(String keepAlive, int seconds) {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp6")));
        try (TestGateway gateway = gateway("proxy: {connection_keep_alive: " + keepAlive + "}")) {
            assertThat(gateway.post("/olla/ollama/api/chat", CHAT).statusCode()).isEqualTo(200);
            assertThat(secondsUntilTheSystemAsks(server.port())).isBetween(seconds - 5.0, seconds + 0.5);
        }
    }

    @Test
    void aReloadedKeepAliveHoldsForNewConnections() {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp6")));
        String endpoints = TestGateway.endpoints(server);
        try (TestGateway gateway = TestGateway.of("proxy: {connection_keep_alive: 7s}\n" + endpoints)) {
            assertThat(gateway.post("/olla/ollama/api/chat", CHAT).statusCode()).isEqualTo(200);
            gateway.reload("proxy: {connection_keep_alive: 2m}\n" + endpoints);
            server.stop();
            server.restart();
            FaultStatus.await(gateway, "box", "healthy");
            assertThat(gateway.post("/olla/ollama/api/chat", CHAT).statusCode()).isEqualTo(200);
            assertThat(secondsUntilTheSystemAsks(server.port())).isBetween(60.0, 120.5);
        }
    }

    /// The longest, over all connections to that port.
    static double secondsUntilTheSystemAsks(int port) {
        // Columns 3 and 6: the peer, and the timer with hundredths of a second left; timer 2 is this one.
        String peer = ":%04X".formatted(port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                        .flatMap(SettingsTest::lines)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(columns -> columns[2].endsWith(peer) && columns[5].startsWith("02:"))
                        .mapToLong(columns -> Long.parseLong(columns[5].substring(3), 16))
                        .max()
                        .orElse(0)
                / 100.0;
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTimeOutNamesItsSettingAndItsEndpoint() {
        try (TestGateway gateway = gateway("proxy: {response_header_timeout: 300ms}")) {
            gateway.get("/olla/ollama/api/tags");
            server.fault(Fault.hang());
            HttpResponse<String> answer = gateway.post("/olla/ollama/api/chat", CHAT);
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.response_header_timeout exceeded at endpoint box");
        }
    }

    @Test
    void aModelFilterHidesModels() {
        try (TestGateway gateway = gateway("", "model_filter: {include: ['*'], exclude: ['*embed*']}")) {
            assertThat(gateway.get("/olla/models").body()).contains("llama3.2").doesNotContain("nomic");
        }
    }

    @Test
    void withoutModelDiscoveryNoListIsRead() {
        String endpoint = TestGateway.endpoint("box", server.uri().toString(), "ollama");
        try (TestGateway gateway = TestGateway.of(
                "discovery:\n  model_discovery: {enabled: false}\n  static:\n    endpoints:\n" + endpoint)) {
            assertThat(gateway.json("/olla/ollama/api/tags").get("models").size())
                    .isZero();
            assertThat(server.requests("/api/tags")).isZero();
        }
    }

    @Test
    void thePathAndTheHeadersOfAnEndpointGoAlong() {
        String endpoint = "      - {url: \"" + server.uri() + "/base\", name: box, type: ollama, preserve_path: true,"
                + " health_check_url: \"" + server.uri() + "/\", model_url: \"" + server.uri() + "/api/tags\","
                + " headers: {X-Tenant: home}}\n";
        try (TestGateway gateway = TestGateway.of("discovery:\n  static:\n    endpoints:\n" + endpoint)) {
            gateway.post("/olla/ollama/api/chat", CHAT);
            RecordedRequest request = server.recorded().stream()
                    .filter(each -> each.path().equals("/base/api/chat"))
                    .findFirst()
                    .orElseThrow();
            assertThat(request.header("X-Tenant")).isEqualTo("home");
        }
    }

    @ParameterizedTest
    @CsvSource({"request_limits: {max_body_size: 10}, 413", "request_limits: {max_body_size: 0}, 200"})
    void theLargestBodyIsASetting(String setting, int status) {
        try (TestGateway gateway = gateway("server: {" + setting + "}")) {
            assertThat(gateway.post("/olla/ollama/api/chat", CHAT).statusCode()).isEqualTo(status);
        }
    }
}
