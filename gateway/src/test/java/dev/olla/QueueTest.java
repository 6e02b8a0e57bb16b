package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Requests that find every place taken: they wait, get the next free place, or hear why not.
class QueueTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String LONG = CHAT.replace("{\"model", "{\"stream\":true,\"max_tokens\":100000,\"model");

    private final SimulatedServer server = slow("a");
    private final List<AutoCloseable> clients = new ArrayList<>();

    /// Its streams last until their client leaves; what is short is answered at once.
    private static SimulatedServer slow(String name) {
        return SimulatedServer.vllm(name)
                .model("m")
                .tokens(1_000_000)
                .tokensPerSecond(50)
                .start();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        server.close();
    }

    @Test
    void noMoreRunThanTheLimitAllowsAndTheNextTakesThePlaceThatComesFree() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("", "max_concurrent_requests: 1"))) {
            RawClient first = begin(gateway);
            RawClient second = asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            assertThat(server.activeExchanges()).isEqualTo(1);
            JsonNode endpoint = endpoint(gateway);
            assertThat(endpoint.get("limit").asInt()).isEqualTo(1);
            assertThat(endpoint.get("in_flight").asInt()).isEqualTo(1);
            assertThat(endpoint.get("queued").asInt()).isEqualTo(1);
            assertThat(endpoint.get("status").asString()).isEqualTo("busy");
            assertThat(metrics(gateway)).contains("olla_queue_waiting{model=\"m\"} 1\n");
            JsonNode model = gateway.json("/internal/status").at("/queue/models/0");
            assertThat(model.get("model").asString()).isEqualTo("m");
            first.close();
            RawResponse answer = second.readResponseToHead();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-Olla-Queue-Time")).matches("\\d+ms").isNotEqualTo("0ms");
            awaitWaiting(gateway, 0);
            assertThat(endpoint(gateway).get("status").asString()).isEqualTo("healthy");
            assertThat(metrics(gateway))
                    .contains("olla_queue_wait_seconds_bucket{le=\"+Inf\"} 1\n")
                    .contains("olla_queue_wait_seconds_count 1\n")
                    .doesNotContain("olla_queue_waiting{");
        }
    }

    @Test
    void onlyWhatAModelWorksForTakesAPlace() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("", "max_concurrent_requests: 1"))) {
            RawClient running = begin(gateway);
            assertThat(gateway.get("/olla/proxy/v1/models").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/olla/proxy/version").statusCode()).isEqualTo(200);
            assertThat(gateway.post("/olla/proxy/tokenize", "{\"model\":\"m\"}").statusCode())
                    .as("the server doesn't know it, but it was asked")
                    .isEqualTo(404);
            running.close();
            awaitRunning(gateway, 0);
        }
    }

    @Test
    void theLimitIsThatOfTheModelsSize() throws IOException {
        String rows =
                "resources: {concurrency_limits: [{min_memory_gb: 0, max_concurrent: 2}, {min_memory_gb: 1000, max_concurrent: 1}]}";
        try (TestGateway gateway = TestGateway.of(limited("", rows))) {
            begin(gateway);
            begin(gateway);
            asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            assertThat(endpoint(gateway).get("limit").asInt()).isEqualTo(2);
        }
    }

    @Test
    void theLimitsOfTheKindHoldWhereTheyAreAskedFor() throws IOException {
        try (SimulatedServer studio = SimulatedServer.lmStudio("studio")
                        .model("m")
                        .tokens(1_000_000)
                        .tokensPerSecond(50)
                        .start();
                TestGateway gateway = TestGateway.of("proxy:\n  queue: {limits: profile}\ndiscovery:\n  static:\n"
                        + "    endpoints:\n      - {name: studio, url: \"" + studio.uri() + "\", type: lm-studio}\n")) {
            RawClient first = begin(gateway);
            asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            assertThat(endpoint(gateway).get("limit").asInt()).isEqualTo(1);
            first.close();
            awaitWaiting(gateway, 0);
        }
    }

    @Test
    void nothingIsHeldBackWhereNoLimitHolds() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("queue: {limits: none}", "max_concurrent_requests: 1"))) {
            begin(gateway);
            begin(gateway);
            assertThat(server.activeExchanges()).isEqualTo(2);
        }
    }

    @Test
    void aFullQueueRefusesAtOnce() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("queue: {max_length: 1}", "max_concurrent_requests: 1"))) {
            begin(gateway);
            asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            RawResponse refused = asks(gateway, CHAT).readResponse();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("queue_full");
            assertThat(metrics(gateway)).contains("olla_queue_rejected_total{reason=\"full\"} 1\n");
            assertThat(Integer.parseInt(String.valueOf(refused.header("Retry-After"))))
                    .isBetween(1, 60);
        }
    }

    @Test
    void aBodyThatIsTooLargeToWaitIsRefusedAtOnce() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("queue: {max_bytes: 10}", "max_concurrent_requests: 1"))) {
            begin(gateway);
            RawResponse refused = asks(gateway, CHAT).readResponse();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("queue_full");
        }
    }

    @Test
    void whoWaitsTooLongHearsOfIt() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("queue: {max_wait: 50ms}", "max_concurrent_requests: 1"))) {
            begin(gateway);
            RawResponse refused = asks(gateway, CHAT).readResponse();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("queue_timeout");
            assertThat(refused.header("Retry-After")).isNotNull();
            awaitWaiting(gateway, 0);
        }
    }

    @Test
    void aClientThatLeavesTheQueueIsNeverSent() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("", "max_concurrent_requests: 1"))) {
            RawClient first = begin(gateway);
            RawClient second = asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            second.close();
            awaitWaiting(gateway, 0);
            first.close();
            awaitRunning(gateway, 0);
            assertThat(server.requests("/v1/chat/completions")).isEqualTo(1);
        }
    }

    @Test
    void whoWaitsHearsWhenTheLastServerGoes() throws IOException {
        try (TestGateway gateway = TestGateway.of(limited("", "max_concurrent_requests: 1, check_interval: 1s"))) {
            begin(gateway);
            RawClient waiter = asks(gateway, CHAT);
            awaitWaiting(gateway, 1);
            server.stop();
            RawResponse refused = waiter.readResponse();
            assertThat(refused.status()).isBetween(502, 503);
            awaitWaiting(gateway, 0);
        }
    }

    @Test
    void aServerThatAReloadBringsTakesWhatWaits() throws IOException {
        try (SimulatedServer other = slow("b");
                TestGateway gateway = TestGateway.of(limited("", "max_concurrent_requests: 1"))) {
            begin(gateway);
            RawClient waiter = asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            gateway.reload(limited("", "max_concurrent_requests: 1") + item(other, "max_concurrent_requests: 1"));
            RawResponse answer = waiter.readResponseToHead();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-Olla-Endpoint")).isEqualTo("b");
        }
    }

    @Test
    void aRetryWaitsToo() throws IOException {
        try (FaultServer bad =
                        FaultServer.start("bad", FaultServer.answering(FaultServer.answer(503, "text/plain", "")));
                TestGateway gateway = TestGateway.of(limited("load_balancer: priority", "max_concurrent_requests: 1")
                        + "      - {name: bad, url: \"" + bad.url() + "\", type: vllm, priority: 200}\n")) {
            RawClient first = begin(gateway);
            RawClient second = asks(gateway, LONG);
            awaitWaiting(gateway, 1);
            first.close();
            assertThat(second.readResponseToHead().header("X-Olla-Endpoint")).isEqualTo("a");
        }
    }

    private String limited(String proxy, String endpoint) {
        String settings = proxy.isEmpty() ? "" : "proxy:\n  " + proxy + "\n";
        return settings + "discovery:\n  static:\n    endpoints:\n" + item(server, endpoint);
    }

    private static String item(SimulatedServer server, String keys) {
        return "      - {name: " + server.name() + ", url: \"" + server.uri() + "\", type: vllm, " + keys + "}\n";
    }

    private RawClient asks(TestGateway gateway, String body) throws IOException {
        RawClient client = gateway.raw();
        clients.add(client);
        client.send("POST", PATH, "", body);
        return client;
    }

    /// A stream that goes on until its client is closed.
    private RawClient begin(TestGateway gateway) throws IOException {
        RawClient client = asks(gateway, LONG);
        RawResponse head = client.readResponseToHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("X-Olla-Queue-Time")).isEqualTo("0ms");
        return client;
    }

    private static void awaitWaiting(TestGateway gateway, int count) {
        Eventually.await(
                count + " wait",
                () -> gateway.json("/internal/status").at("/queue/waiting").asInt() == count);
    }

    private static String metrics(TestGateway gateway) {
        return gateway.get("/internal/metrics").body();
    }

    private static void awaitRunning(TestGateway gateway, int count) {
        Eventually.await(
                count + " run", () -> endpoint(gateway).get("in_flight").asInt() == count);
    }

    private static JsonNode endpoint(TestGateway gateway) {
        return gateway.json("/internal/status/endpoints").at("/endpoints/0");
    }
}
