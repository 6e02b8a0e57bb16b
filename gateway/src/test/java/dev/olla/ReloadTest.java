package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.api.ConfigStatus;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a changed configuration does to a running gateway.
class ReloadTest {

    private static final String CHAT = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PATH = "/olla/openai/v1/chat/completions";

    private final SimulatedServer first =
            SimulatedServer.ollama("first").model("llama3.2").start();
    private final SimulatedServer second = SimulatedServer.ollama("second")
            .model("llama3.2")
            .model("mistral:7b")
            .start();
    private final TestGateway gateway = TestGateway.before(first);

    @AfterEach
    void close() {
        gateway.close();
        first.close();
        second.close();
    }

    private String endpointOf(String body) {
        return gateway.post(PATH, body).headers().firstValue("X-Olla-Endpoint").orElse("none");
    }

    @Test
    void anAddedServerIsUsed() {
        assertThat(endpointOf(CHAT)).isEqualTo("first");
        ConfigStatus.Reload reload = gateway.reload(TestGateway.endpoints(first, second));
        assertThat(reload.applied()).isTrue();
        assertThat(reload.changed()).anyMatch(path -> path.startsWith("discovery.static.endpoints"));
        Eventually.await(
                "the added server is used",
                () -> endpointOf(CHAT.replace("llama3.2", "mistral:7b")).equals("second"));
    }

    @Test
    void theMemoryOfBodiesIsTakenOver() {
        ConfigStatus.Reload reload = gateway.reload(TestGateway.endpoints(first) + "proxy: {body_memory: 40MB}\n");
        assertThat(reload.changed()).containsExactly("proxy.body_memory");
        assertThat(reload.restartRequired()).isEmpty();
    }

    @Test
    void aRemovedServerFinishesItsStreamAndGetsNoOther() throws IOException {
        first.close();
        try (SimulatedServer slow = SimulatedServer.ollama("slow")
                        .model("llama3.2")
                        .timeToFirstToken(Duration.ofMillis(50))
                        .tokensPerSecond(20)
                        .tokens(20)
                        .start();
                TestGateway before = TestGateway.before(slow);
                RawClient client = before.raw()) {
            client.send("POST", "/olla/ollama/api/chat", "", CHAT);
            assertThat(client.readHead()).contains("X-Olla-Endpoint: slow");
            assertThat(before.reload(TestGateway.endpoints(second)).applied()).isTrue();
            Eventually.await(
                    "the new server is used",
                    () -> before.post(PATH, CHAT)
                            .headers()
                            .firstValue("X-Olla-Endpoint")
                            .orElse("")
                            .equals("second"));
            StringBuilder stream = new StringBuilder();
            for (String chunk = client.readChunk(); chunk != null; chunk = client.readChunk()) {
                stream.append(chunk);
            }
            assertThat(stream).contains("\"done\":true");
            assertThat(slow.requests("/api/chat")).isEqualTo(1);
        }
    }

    @Test
    void connectionsToARemovedServerAreClosed() {
        gateway.reload(TestGateway.endpoints(first, second));
        Eventually.await("the added server is connected", () -> second.openConnections() > 0);
        gateway.reload(TestGateway.endpoints(first));
        Eventually.await("no connection is left", () -> second.openConnections() == 0);
        assertThat(endpointOf(CHAT)).isEqualTo("first");
    }

    @Test
    void aConfigurationWithMistakesChangesNothing() {
        ConfigStatus.Reload reload = gateway.reload("server: {port: 99999}\nproxy: {load_balancer: dice}\n");
        assertThat(reload.applied()).isFalse();
        assertThat(reload.errors()).hasSize(2);
        assertThat(endpointOf(CHAT)).isEqualTo("first");
        var status = gateway.json("/internal/status").get("config").get("last_reload");
        assertThat(status.get("status").asString()).isEqualTo("refused");
        assertThat(status.get("errors").size()).isEqualTo(2);
    }

    @Test
    void aServerThatStaysKeepsItsFiguresAndItsModels() {
        gateway.post(PATH, CHAT);
        gateway.reload(TestGateway.endpoints(second, first));
        var endpoints = gateway.json("/internal/status/endpoints").get("endpoints");
        for (var endpoint : endpoints) {
            if (endpoint.get("name").asString().equals("first")) {
                assertThat(endpoint.get("request_count").asInt()).isEqualTo(1);
                assertThat(endpoint.get("status").asString()).isEqualTo("healthy");
                assertThat(endpoint.get("model_count").asInt()).isEqualTo(1);
            }
        }
        assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
    }

    @Test
    void aCallFromThisMachineReloadsAndAnyOtherIsRefused() {
        var applied = gateway.post("/internal/reload", "");
        assertThat(applied.statusCode()).isEqualTo(200);
        assertThat(applied.body()).contains("\"status\":\"applied\"");
        assertThat(gateway.post("/internal/reload", "", "X-Forwarded-For", "10.0.0.1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(gateway.post("/internal/reload", "", "Origin", "http://elsewhere.example")
                        .statusCode())
                .isEqualTo(403);
        var get = gateway.get("/internal/reload");
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void readyTellsThatTheFirstLookIsOver() {
        Eventually.await(
                "the gateway is ready", () -> gateway.get("/internal/ready").statusCode() == 200);
        assertThat(gateway.get("/internal/ready").body()).isEqualTo("{\"status\":\"ready\"}");
    }
}
