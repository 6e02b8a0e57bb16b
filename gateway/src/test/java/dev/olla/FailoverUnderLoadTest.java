package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Two servers with one model under load, one of them killed and brought back again and again: only answers that
/// had begun on the killed one may break off.
class FailoverUnderLoadTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";

    /// How often the server is killed; more by `-Dolla.failover.kills`.
    private static final int KILLS = Integer.getInteger("olla.failover.kills", 10);

    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final String SETTINGS = "proxy: {circuit_breaker: {open_duration: 500ms}, slow_start: 200ms}\n";

    private final SimulatedServer steady = server("steady");
    private final SimulatedServer mortal = server("mortal");
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Queue<String> cutShort = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger answeredByMortal = new AtomicInteger();
    private final AtomicInteger kills = new AtomicInteger();

    private static SimulatedServer server(String name) {
        return SimulatedServer.vllm(name)
                .model("m")
                .timeToFirstToken(Duration.ofMillis(5))
                .tokensPerSecond(1000)
                .tokens(20)
                .start();
    }

    @Test
    void noRequestFailsButThoseBegunOnTheKilledServer() throws Exception {
        try (steady;
                mortal;
                TestGateway gateway = TestGateway.watching(SETTINGS + TestGateway.endpoints(steady, mortal))) {
            FaultStatus.await(gateway, "mortal", "healthy");
            load(gateway);
            assertCounted(gateway);
        }
        assertThat(wrong).isEmpty();
        assertThat(sent.get()).isGreaterThanOrEqualTo(KILLS * 15);
        assertThat(answered.get() + cutShort.size()).isEqualTo(sent.get());
        // At 50 requests/s only a handful can be at the same server at the same time.
        assertThat(cutShort).hasSizeLessThanOrEqualTo(KILLS * 10);
    }

    private void assertCounted(TestGateway gateway) {
        FaultStatus.awaitIdle(gateway, "steady");
        FaultStatus.awaitIdle(gateway, "mortal");
        JsonNode system = gateway.json("/internal/status").get("system");
        assertThat(system.get("active_connections").asInt()).isZero();
        assertThat(system.get("requests_client_left").asInt()).isZero();
        assertThat(system.get("total_requests").asInt()).isEqualTo(sent.get());
        assertThat(system.get("total_failures").asInt()).isEqualTo(cutShort.size());
    }

    private void load(TestGateway gateway) throws InterruptedException {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var ticking = clock.scheduleAtFixedRate(
                    () -> clients.execute(() -> request(gateway.port())), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
            for (int kill = 0; kill < KILLS; kill++) {
                killAndRestore(gateway);
            }
            ticking.cancel(false);
            Eventually.await(
                    "every request is answered", () -> answered.get() + cutShort.size() + wrong.size() == sent.get());
        }
    }

    private void killAndRestore(TestGateway gateway) {
        long before = steady.requests("/v1/chat/completions");
        Eventually.await("it is at work", () -> mortal.activeExchanges() >= 1);
        kills.incrementAndGet();
        mortal.stop();
        FaultStatus.await(gateway, "mortal", "offline");
        Eventually.await(
                "the other server has all the work", () -> steady.requests("/v1/chat/completions") >= before + 10);
        mortal.restart();
        FaultStatus.await(gateway, "mortal", "healthy");
        int answers = answeredByMortal.get();
        Eventually.await("it works again", () -> answeredByMortal.get() >= answers + 5);
    }

    private void request(int port) {
        int number = sent.incrementAndGet();
        boolean stream = number % 3 != 0;
        String body = "{\"model\":\"m\",\"messages\":[],\"stream\":" + stream + "}";
        String endpoint = null;
        try (RawClient client = RawClient.connect(port, Duration.ofSeconds(20))) {
            client.send("POST", PATH, "", body);
            RawResponse answer = client.readResponse();
            endpoint = answer.header("X-Olla-Endpoint");
            judge(number, stream, answer, endpoint);
        } catch (IOException e) {
            wrong.add("request " + number + " stream=" + stream + " endpoint=" + endpoint + ": " + e);
        }
    }

    private void judge(int number, boolean stream, RawResponse answer, @Nullable String endpoint) {
        String detail = "request " + number + " stream=" + stream + " status=" + answer.status() + " endpoint="
                + endpoint + " complete=" + answer.complete() + " kills=" + kills.get() + " body="
                + answer.body().lines().toList();
        if (answer.status() != 200) {
            wrong.add(detail);
        } else if (answer.complete()) {
            boolean whole = stream
                    ? answer.body().endsWith("data: [DONE]\n\n")
                            && events(answer).size() >= 20
                    : answer.body().contains(endpoint + " says");
            if (whole) {
                answered.incrementAndGet();
                answeredByMortal.addAndGet("mortal".equals(endpoint) ? 1 : 0);
            } else {
                wrong.add("looks complete but isn't: " + detail);
            }
        } else if (stream && "mortal".equals(endpoint)) {
            cutShort.add(detail);
        } else {
            wrong.add("broke off: " + detail);
        }
    }

    private static List<String> events(RawResponse answer) {
        return answer.body().lines().filter(line -> line.startsWith("data: ")).toList();
    }
}
