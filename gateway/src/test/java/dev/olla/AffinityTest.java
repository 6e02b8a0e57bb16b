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

/// The turn of a conversation whose server is full: it waits for `proxy.queue.affinity_wait`, then goes elsewhere
/// for once.
class AffinityTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String LONG = "{\"stream\":true,\"max_tokens\":100000,\"model\":\"m\","
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final SimulatedServer a = server("a");
    private final SimulatedServer b = server("b");
    private final List<AutoCloseable> clients = new ArrayList<>();

    private static SimulatedServer server(String name) {
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
        a.close();
        b.close();
    }

    @Test
    void itGoesElsewhereWhenItsServerStaysFullAndItsPinStays() throws IOException {
        try (TestGateway gateway = gateway("50ms")) {
            RawClient first = asks(gateway, "s");
            assertAnswer(first, "a", "miss");
            RawResponse second = assertAnswer(asks(gateway, "s"), "b", "miss");
            assertThat(second.header("X-Olla-Queue-Time")).isNotEqualTo("0ms");
            first.close();
            awaitRunning(gateway, 0);
            assertAnswer(asks(gateway, "s"), "a", "hit");
        }
    }

    @Test
    void itWaitsForItsOwnServerThoughAnotherIsFree() throws IOException {
        try (TestGateway gateway = gateway("10m")) {
            RawClient first = asks(gateway, "s");
            assertAnswer(first, "a", "miss");
            RawClient second = asks(gateway, "s");
            Eventually.await(
                    "one waits",
                    () -> gateway.json("/internal/status").at("/queue/waiting").asInt() == 1);
            first.close();
            assertAnswer(second, "a", "hit");
        }
    }

    @Test
    void whoHasNoServerYetTakesTheFreeOne() throws IOException {
        try (TestGateway gateway = gateway("10m")) {
            assertAnswer(asks(gateway, "s"), "a", "miss");
            assertAnswer(asks(gateway, "t"), "b", "miss");
        }
    }

    private TestGateway gateway(String affinityWait) {
        StringBuilder yaml = new StringBuilder("proxy:\n  load_balancer: priority\n  queue: {affinity_wait: "
                + affinityWait + "}\n  sticky_sessions: {enabled: true, key_sources: [session_header]}\n"
                + "discovery:\n  static:\n    endpoints:\n");
        int priority = 200;
        for (SimulatedServer server : List.of(a, b)) {
            yaml.append("      - {name: " + server.name() + ", url: \"" + server.uri()
                    + "\", type: vllm, max_concurrent_requests: 1, priority: " + priority + "}\n");
            priority -= 100;
        }
        return TestGateway.of(yaml.toString());
    }

    private RawClient asks(TestGateway gateway, String session) throws IOException {
        RawClient client = gateway.raw();
        clients.add(client);
        client.send("POST", PATH, "X-Olla-Session-ID: " + session + "\r\n", LONG);
        return client;
    }

    private static RawResponse assertAnswer(RawClient client, String endpoint, String sticky) throws IOException {
        RawResponse head = client.readResponseToHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("X-Olla-Endpoint")).isEqualTo(endpoint);
        assertThat(head.header("X-Olla-Sticky-Session")).isEqualTo(sticky);
        return head;
    }

    private static void awaitRunning(TestGateway gateway, int count) {
        Eventually.await(
                count + " run there",
                () -> gateway.json("/internal/status/endpoints")
                                .at("/endpoints/0/in_flight")
                                .asInt()
                        == count);
    }
}
