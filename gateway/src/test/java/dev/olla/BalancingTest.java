package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How the configured balancer spreads requests over servers that hold the same model.
class BalancingTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";

    private final List<SimulatedServer> servers = List.of(server("a"), server("b"), server("c"));

    private static SimulatedServer server(String name) {
        return SimulatedServer.vllm(name).model("m").start();
    }

    @AfterEach
    void close() {
        servers.forEach(SimulatedServer::close);
    }

    @Test
    void roundRobinTakesTurnsInConfigurationOrder() {
        try (TestGateway gateway = before("load_balancer: round-robin", 100, 100, 100)) {
            assertThat(served(gateway, 6)).containsExactly("a", "b", "c", "a", "b", "c");
        }
    }

    @Test
    void aServerOfMoreWeightGetsMore() {
        String[] endpoints = servers.stream()
                .map(server ->
                        FaultEndpoints.endpoint(server.name(), server.uri().toString(), "vllm", 100))
                .toArray(String[]::new);
        endpoints[1] = endpoints[1].replace("priority: 100", "weight: 2");
        for (String balancer : List.of("round-robin", "least-connections")) {
            try (TestGateway gateway = TestGateway.of(FaultEndpoints.config("load_balancer: " + balancer, endpoints))) {
                servers.forEach(server -> FaultStatus.await(gateway, server.name(), "healthy"));
                Eventually.await("every server's models are known", () -> knowsAll(gateway));
                assertThat(served(gateway, 8)).containsExactlyInAnyOrder("a", "a", "b", "b", "b", "b", "c", "c");
            }
        }
    }

    @Test
    void priorityKeepsToTheHighestThatIsUp() {
        try (TestGateway gateway = before("load_balancer: priority", 10, 300, 200)) {
            assertThat(served(gateway, 5)).containsOnly("b");
            servers.get(1).stop();
            assertThat(served(gateway, 5)).containsOnly("c");
            servers.get(2).stop();
            assertThat(served(gateway, 5)).containsOnly("a");
        }
    }

    @Test
    void leastConnectionsRotatesWhileAllAreIdle() {
        try (TestGateway gateway = before("load_balancer: least-connections", 100, 100, 100)) {
            assertThat(served(gateway, 6)).containsExactly("a", "b", "c", "a", "b", "c");
        }
    }

    @Test
    void leastConnectionsAvoidsTheBusy() throws Exception {
        try (SimulatedServer slow = SimulatedServer.vllm("slow")
                        .model("m")
                        .timeToFirstToken(Duration.ofMinutes(5))
                        .start();
                SimulatedServer quick = server("quick");
                TestGateway gateway = TestGateway.before(slow, quick)) {
            List<RawClient> waiting = new ArrayList<>();
            while (slow.requests("/v1/chat/completions") == 0) {
                waiting.add(send(gateway));
                Eventually.await(
                        "it has arrived",
                        () -> slow.requests("/v1/chat/completions") + quick.requests("/v1/chat/completions")
                                >= waiting.size());
            }
            FaultStatus.awaitIdle(gateway, "quick");
            assertThat(served(gateway, 6)).containsOnly("quick");
            for (RawClient client : waiting) {
                client.close();
            }
            FaultStatus.awaitIdle(gateway, "slow");
        }
    }

    private static RawClient send(TestGateway gateway) throws IOException {
        RawClient client = gateway.raw();
        client.send("POST", PATH, "", CHAT);
        return client;
    }

    private TestGateway before(String proxy, int... priorities) {
        String[] endpoints = new String[priorities.length];
        for (int i = 0; i < priorities.length; i++) {
            SimulatedServer server = servers.get(i);
            endpoints[i] = FaultEndpoints.endpoint(server.name(), server.uri().toString(), "vllm", priorities[i]);
        }
        TestGateway gateway = TestGateway.of(FaultEndpoints.config(proxy, endpoints));
        servers.forEach(server -> FaultStatus.await(gateway, server.name(), "healthy"));
        Eventually.await("every server's models are known", () -> knowsAll(gateway));
        return gateway;
    }

    private boolean knowsAll(TestGateway gateway) {
        return servers.stream()
                .allMatch(server -> FaultStatus.endpoint(gateway, server.name())
                                .get("model_count")
                                .asInt()
                        == 1);
    }

    private static List<String> served(TestGateway gateway, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(gateway.post(PATH, CHAT)
                    .headers()
                    .firstValue("X-Olla-Endpoint")
                    .orElse("none"));
        }
        return names;
    }
}
