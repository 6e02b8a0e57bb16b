package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Three Ollamas with room for one model each, and a mixed load of three models.
class ResidentFirstTest {

    private static final int MODELS = 3;
    private static final int CLIENTS_PER_MODEL = 4;
    private static final int REQUESTS = 4;

    @Test
    void eachModelIsLoadedOnce() throws InterruptedException, ExecutionException {
        Run first = run("resident-first", "");
        Run other = run("least-connections", "");
        System.out.println("resident-first: " + first + ", least-connections: " + other);
        assertThat(first.loads).as("cold loads").isEqualTo(MODELS);
        assertThat(other.loads).isGreaterThan(2 * MODELS);
        assertThat(other.millis).as("at least twice the throughput").isGreaterThan(2 * first.millis);
    }

    @Test
    void eachModelIsLoadedOnceWhenRequestsWaitAtTheGateway() throws InterruptedException, ExecutionException {
        Run run = run("resident-first", ", max_concurrent_requests: 1");
        System.out.println("resident-first with limits: " + run);
        assertThat(run.loads).as("cold loads").isEqualTo(MODELS);
    }

    @Test
    void aLongLineIsWorthASecondCopyOnAServerThatIsIdle() throws InterruptedException, ExecutionException {
        List<SimulatedServer> servers = List.of(slow("box0"), slow("box1"));
        try (TestGateway gateway = TestGateway.of(config("resident-first", "", servers))) {
            awaitKnown(servers);
            assertThat(ask(gateway, "m0")).as("one is loaded").isEqualTo(200);
            assertThat(loads(servers)).isEqualTo(1);
            load(gateway, 1, 12, 1);
            assertThat(servers).allMatch(server -> server.modelLoads() == 1);
        } finally {
            servers.forEach(SimulatedServer::close);
        }
    }

    /// Twelve requests take it longer than loading.
    private static SimulatedServer slow(String name) {
        return SimulatedServer.ollama(name)
                .model("m0")
                .slots(1)
                .residentModels(1)
                .coldLoad(Duration.ofMillis(600))
                .timeToFirstToken(Duration.ofMillis(200))
                .tokens(2)
                .start();
    }

    /// From servers that have nothing loaded.
    private record Run(long loads, long millis) {}

    private static Run run(String balancer, String keys) throws InterruptedException, ExecutionException {
        List<SimulatedServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < MODELS; i++) {
                servers.add(SimulatedServer.ollama("box" + i)
                        .model("m0")
                        .model("m1")
                        .model("m2")
                        .slots(1)
                        .residentModels(1)
                        .coldLoad(Duration.ofMillis(600))
                        .timeToFirstToken(Duration.ofMillis(10))
                        .tokens(2)
                        .start());
            }
            try (TestGateway gateway = TestGateway.of(config(balancer, keys, servers))) {
                awaitKnown(servers);
                long start = System.nanoTime();
                load(gateway, MODELS, CLIENTS_PER_MODEL, REQUESTS);
                return new Run(loads(servers), (System.nanoTime() - start) / 1_000_000);
            }
        } finally {
            servers.forEach(SimulatedServer::close);
        }
    }

    private static long loads(List<SimulatedServer> servers) {
        return servers.stream().mapToLong(SimulatedServer::modelLoads).sum();
    }

    /// The gateway has asked each server twice by now, so that it has read the first answer.
    private static void awaitKnown(List<SimulatedServer> servers) {
        for (SimulatedServer server : servers) {
            long before = server.requests("/api/ps");
            Eventually.await("it is asked what is loaded", () -> server.requests("/api/ps") >= before + 3);
        }
    }

    private static String config(String balancer, String keys, List<SimulatedServer> servers) {
        StringBuilder yaml = new StringBuilder("proxy: {load_balancer: " + balancer
                + ", residency: {refresh: 100ms}}\ndiscovery:\n  static:\n    endpoints:\n");
        for (SimulatedServer server : servers) {
            yaml.append(
                    "      - {name: " + server.name() + ", url: \"" + server.uri() + "\", type: ollama" + keys + "}\n");
        }
        return yaml.toString();
    }

    private static void load(TestGateway gateway, int models, int clientsPerModel, int requests)
            throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < models * clientsPerModel; i++) {
                String model = "m" + i % models;
                clients.add(threads.submit(() -> {
                    for (int request = 0; request < requests; request++) {
                        assertThat(ask(gateway, model)).isEqualTo(200);
                    }
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
    }

    private static int ask(TestGateway gateway, String model) {
        return gateway.post(
                        "/olla/ollama/api/chat",
                        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .statusCode();
    }
}
