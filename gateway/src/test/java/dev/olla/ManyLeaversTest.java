package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawConnection.RawRequest;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Clients that leave in the middle of their streams, all at once: each server is told, and none is blamed.
class ManyLeaversTest {

    private static final Logger LOG = LoggerFactory.getLogger(ManyLeaversTest.class);
    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String STREAM = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";
    private static final int SERVERS = 5;
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(100);

    /// A single failure would eject.
    private static final String STRICT = "load_balancer: round-robin, circuit_breaker: {failure_threshold: 1}";

    @Test
    void twoHundred() throws Exception {
        run(200);
    }

    /// `-Dolla.soak=true`. The first rounds are for the compiler: a gateway that has served for a while is
    /// measured.
    @Test
    @Tag("soak")
    @EnabledIfSystemProperty(named = "olla.soak", matches = "true")
    void aThousandAndTheirServersKnowWithinFiftyMilliseconds() throws Exception {
        // Watching every buffer costs more than the streams themselves.
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        try {
            run(1_000);
            run(1_000);
            assertQuick(run(1_000));
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private static void assertQuick(List<Leavers> servers) {
        for (Leavers leavers : servers) {
            assertThat(leavers.median()).isLessThan(Duration.ofMillis(50));
        }
    }

    /// @return of each server
    private static List<Leavers> run(int count) throws Exception {
        List<Leavers> leavers = IntStream.range(0, SERVERS)
                .mapToObj(server -> new Leavers("server-" + server, count))
                .toList();
        List<FaultServer> servers = leavers.stream()
                .map(each -> FaultServer.start(each.name, each::play))
                .toList();
        String[] endpoints = servers.stream().map(server -> server.yaml("vllm")).toArray(String[]::new);
        try (TestGateway gateway = TestGateway.of(FaultEndpoints.config(STRICT, endpoints))) {
            allLeave(gateway, leavers, count);
            Eventually.await(
                    "every server is told of each",
                    () -> leavers.stream().mapToInt(Leavers::told).sum() == count);
            assertNobodyIsBlamed(gateway, leavers, count);
        } finally {
            servers.forEach(FaultServer::close);
        }
        for (Leavers each : leavers) {
            LOG.warn("{}: told of {} leavers, after {} in the median", each.name, each.told(), each.median());
        }
        return leavers;
    }

    private static void allLeave(TestGateway gateway, List<Leavers> leavers, int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                clients.add(midStream(gateway, i));
            }
            for (int i = 0; i < count; i++) {
                long now = System.nanoTime();
                int client = i;
                leavers.forEach(each -> each.leftAt.set(client, now));
                leave(clients.get(i), i);
            }
            Eventually.await(
                    "the gateway has let go of each", () -> gateway.gateway().connections() == 0);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static RawClient midStream(TestGateway gateway, int number) throws IOException {
        RawClient client = gateway.raw();
        client.send("POST", PATH + "?client=" + number, "", STREAM);
        client.readHead();
        assertThat(client.readChunk()).isNotNull();
        return client;
    }

    private static void leave(RawClient client, int number) throws IOException {
        switch (number % 3) {
            case 0 -> client.close();
            case 1 -> client.reset();
            default -> client.socket().shutdownOutput();
        }
    }

    private static void assertNobodyIsBlamed(TestGateway gateway, List<Leavers> leavers, int count) {
        Eventually.await(
                "the leavers are counted",
                () -> gateway.json("/internal/status")
                                .at("/system/requests_client_left")
                                .asInt()
                        == count);
        JsonNode system = gateway.json("/internal/status").get("system");
        assertThat(system.get("total_requests").asInt()).isEqualTo(count);
        assertThat(system.get("total_failures").asInt()).isZero();
        assertThat(system.get("active_connections").asInt()).isZero();
        for (Leavers each : leavers) {
            FaultStatus.awaitIdle(gateway, each.name);
            JsonNode endpoint = FaultStatus.endpoint(gateway, each.name);
            assertThat(endpoint.get("requests_client_left").asInt()).isEqualTo(each.told());
            assertThat(endpoint.get("status").asString()).isEqualTo("healthy");
            assertThat(endpoint.get("success_rate").asString()).isEqualTo("N/A");
            assertThat(endpoint.has("issues")).isFalse();
        }
        JsonNode model = gateway.json("/internal/stats/models").get("models").get(0);
        assertThat(model.get("failed_requests").asInt()).isZero();
        JsonNode records = gateway.json("/internal/requests?limit=1000&outcome=client_left")
                .get("requests");
        assertThat(records.size()).isEqualTo(count);
    }

    /// The clients of one server that left, each under its number.
    private static final class Leavers {

        private final String name;
        /// When each client left, and when the server saw it; zero for what has not happened.
        private final AtomicLongArray leftAt;

        private final AtomicLongArray seenAt;

        Leavers(String name, int clients) {
            this.name = name;
            this.leftAt = new AtomicLongArray(clients);
            this.seenAt = new AtomicLongArray(clients);
        }

        /// Streams without end.
        void play(RawConnection connection, RawRequest request) throws IOException, InterruptedException {
            int number = Integer.parseInt(request.head().split("[= ]", 4)[2]);
            connection.write(FaultServer.streamHead("text/event-stream"));
            Thread events = Thread.startVirtualThread(() -> sendEvents(connection));
            connection.awaitClose();
            seenAt.set(number, System.nanoTime());
            events.interrupt();
            events.join();
        }

        private static void sendEvents(RawConnection connection) {
            try {
                while (true) {
                    connection.writeChunk("data: {}\n\n");
                    Thread.sleep(BETWEEN_EVENTS);
                }
            } catch (IOException | InterruptedException _) {
                // the client left
            }
        }

        int told() {
            return (int) waits().count();
        }

        Duration median() {
            long[] sorted = waits().sorted().toArray();
            return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[sorted.length / 2]);
        }

        private LongStream waits() {
            return IntStream.range(0, seenAt.length())
                    .filter(client -> seenAt.get(client) != 0)
                    .mapToLong(client -> seenAt.get(client) - leftAt.get(client));
        }
    }
}
