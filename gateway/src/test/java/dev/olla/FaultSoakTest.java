package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.telemetry.EndpointStatistics;
import dev.olla.telemetry.SystemStatistics;
import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/// Five servers that fail at random, and clients that leave at random: every request has one outcome, the
/// counters add up, and what is shown of the servers is what requests are routed by.
class FaultSoakTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final int CLIENTS = 12;
    private static final Duration CLIENT_LIMIT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_FAULTS = Duration.ofMillis(60);
    private static final String SETTINGS = "read_timeout: 1s, response_timeout: 2s, slow_start: 300ms, "
            + "circuit_breaker: {failure_threshold: 3, open_duration: 300ms}";

    private final List<SimulatedServer> servers =
            IntStream.rangeClosed(1, 5).mapToObj(FaultSoakTest::server).toList();
    private final TestGateway gateway = TestGateway.of(FaultEndpoints.config(
            SETTINGS,
            servers.stream()
                    .map(server ->
                            FaultEndpoints.endpoint(server.name(), server.uri().toString(), "vllm", 100))
                    .toArray(String[]::new)));
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    /// Control calls that began or ended.
    private final AtomicInteger controls = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    private static SimulatedServer server(int number) {
        return SimulatedServer.vllm("box" + number)
                .model("m")
                .timeToFirstToken(Duration.ofMillis(5))
                .tokensPerSecond(400)
                .tokens(12)
                .start();
    }

    @AfterEach
    void close() {
        gateway.close();
        servers.forEach(SimulatedServer::close);
    }

    @Test
    void aFewSeconds() throws Exception {
        soak(Duration.ofSeconds(5), 1);
    }

    /// `-Dolla.soak=true`.
    @Test
    @Tag("soak")
    @EnabledIfSystemProperty(named = "olla.soak", matches = "true")
    void twentyMinutes() throws Exception {
        soak(Duration.ofMinutes(Long.getLong("olla.soak.minutes", 20)), System.nanoTime());
    }

    private void soak(Duration length, long seed) throws Exception {
        servers.forEach(server -> FaultStatus.await(gateway, server.name(), "healthy"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom own = random.split();
                threads.execute(() -> requests(own));
            }
            SplittableRandom faults = random.split();
            threads.execute(() -> samples());
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() - end < 0 && wrong.isEmpty()) {
                change(faults);
                LockSupport.parkNanos(BETWEEN_FAULTS.toNanos()); // the pace of trouble; nothing is waited for
            }
            servers.forEach(SimulatedServer::clearFault);
            servers.forEach(server -> set(server.name(), "enable"));
            servers.forEach(server -> FaultStatus.await(gateway, server.name(), "healthy"));
            over.set(true);
        }
        assertThat(wrong).as("seed " + seed).isEmpty();
        assertAddsUp();
        assertThat(answered.get()).isGreaterThan(100);
    }

    /// One server begins to fail, or is good again, or is taken out, or put back.
    private void change(SplittableRandom random) {
        SimulatedServer server = servers.get(random.nextInt(servers.size()));
        switch (random.nextInt(10)) {
            case 0 -> set(server.name(), random.nextBoolean() ? "drain" : "disable");
            case 1, 2 -> set(server.name(), "enable");
            case 3, 4, 5, 6 -> server.clearFault();
            default -> server.fault(fault(random));
        }
    }

    private static Fault fault(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> Fault.refuse();
            case 1 -> Fault.reset();
            case 2 -> Fault.hang();
            case 3 -> Fault.slowFirstByte(Duration.ofMillis(300));
            case 4 -> Fault.stallAfter(3);
            case 5 -> Fault.dropAfter(2);
            case 6 -> Fault.status(500);
            case 7 -> Fault.status(429, "1");
            case 8 -> Fault.failHealthOnly();
            case 9 -> Fault.closeBeforeAnswer();
            case 10 -> Fault.flaky(0.5, Fault.status(503), random.nextLong());
            default -> Fault.wrongContentLength(5);
        };
    }

    private void set(String endpoint, String action) {
        controls.incrementAndGet();
        int status = gateway.post("/internal/endpoints/" + endpoint + "/" + action, "")
                .statusCode();
        if (status != 200) {
            wrong.add(action + " is answered " + status);
        }
        controls.incrementAndGet();
    }

    private void requests(SplittableRandom random) {
        while (!over.get()) {
            String body = "{\"model\":\"m\",\"messages\":[],\"stream\":" + random.nextBoolean() + "}";
            boolean leaves = random.nextInt(10) == 0;
            try (RawClient client = RawClient.connect(gateway.port(), CLIENT_LIMIT)) {
                client.send("POST", PATH, "", body);
                if (leaves) {
                    leave(client, random);
                } else {
                    read(client.readResponse());
                }
            } catch (IOException e) {
                wrong.add("a request without an outcome: " + e);
            }
        }
    }

    private void leave(RawClient client, SplittableRandom random) throws IOException {
        if (random.nextBoolean()) {
            client.readHead();
        }
        client.reset();
        left.incrementAndGet();
    }

    private void read(RawResponse answer) {
        String decision = answer.header("X-Olla-Routing-Decision");
        boolean rejected = "rejected".equals(decision) || answer.body().contains("no_endpoints");
        if (!rejected) {
            answered.incrementAndGet();
        } else if (answer.status() != 503 && answer.status() != 404) {
            wrong.add("rejected with " + answer.status() + ": " + answer.body());
        }
        boolean known = switch (answer.status()) {
            case 200, 404, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
        if (!known) {
            wrong.add(answer.status() + ": " + answer.body());
        }
    }

    /// A time over which a server had one status, from one probe to the next.
    ///
    /// @param controls that had begun or ended before
    /// @param requests that the server had got when it was first seen
    private record Period(String status, String checked, int controls, long requests) {

        boolean goesOn(Period now) {
            return status.equals(now.status) && checked.equals(now.checked) && controls == now.controls;
        }
    }

    /// Looks at the status page again and again.
    private void samples() {
        Map<String, Period> periods = new HashMap<>();
        while (!over.get()) {
            int before = controls.get();
            JsonNode page = gateway.json("/internal/status");
            checkTotals(page);
            for (SimulatedServer server : servers) {
                JsonNode endpoint = endpoint(page, server.name());
                Period now = new Period(
                        status(endpoint),
                        checked(endpoint),
                        before,
                        endpoint.get("requests").asLong());
                Period since = periods.merge(server.name(), now, (old, young) -> old.goesOn(young) ? old : young);
                check(server.name(), since, now);
            }
        }
    }

    private void checkTotals(JsonNode page) {
        List<String> statuses = page.get("endpoints").findValuesAsString("status");
        long up = statuses.stream()
                .filter(status -> status.equals("healthy") || status.equals("busy") || status.equals("warming"))
                .count();
        String shown = page.at("/system/endpoints_up").asString();
        if (!shown.equals(up + "/5")) {
            wrong.add(shown + " are up according to the page that lists " + statuses);
        }
        if (statuses.stream().filter("ejected"::equals).count() > 2) {
            wrong.add("more than half of the servers are ejected: " + statuses);
        }
    }

    /// A server that takes no work gets none but what was decided before: each client may have one such request.
    private void check(String server, Period since, Period now) {
        String status = now.status();
        boolean takesNone = !status.equals("healthy") && !status.equals("warming") && !status.equals("ejected");
        long got = now.requests() - since.requests();
        if (takesNone && got > CLIENTS) {
            wrong.add(server + " is " + status + " and got " + got);
        }
    }

    private static String status(JsonNode endpoint) {
        return endpoint.get("status").asString();
    }

    private static String checked(JsonNode endpoint) {
        JsonNode checked = endpoint.get("health_check_at");
        return checked == null ? "" : checked.asString();
    }

    private static JsonNode endpoint(JsonNode page, String name) {
        for (JsonNode endpoint : page.get("endpoints")) {
            if (endpoint.get("name").asString().equals(name)) {
                return endpoint;
            }
        }
        throw new AssertionError("no endpoint is called " + name);
    }

    private void assertAddsUp() {
        SystemStatistics system = gateway.gateway().statistics();
        Eventually.await("no request is under way", () -> system.active() == 0);
        EndpointStatistics total = system.requests();
        assertThat(total.requests())
                .isEqualTo(total.successes() + total.failures() + total.clientsLeft() + total.cuts());
        // Who left may have left before the gateway saw the request, or after its answer was complete.
        assertThat(total.requests()).isBetween((long) answered.get(), (long) answered.get() + left.get());
        assertThat(total.clientsLeft()).isLessThanOrEqualTo(left.get());
        for (SimulatedServer server : servers) {
            FaultStatus.awaitIdle(gateway, server.name());
            JsonNode shown = FaultStatus.endpoint(gateway, server.name());
            EndpointStatistics attempts = statistics(server.name());
            assertThat(attempts.requests())
                    .as(server.name())
                    .isEqualTo(attempts.successes() + attempts.failures() + attempts.clientsLeft() + attempts.cuts())
                    .isEqualTo(shown.get("request_count").asLong());
        }
    }

    private EndpointStatistics statistics(String name) {
        return gateway.gateway().fleet().snapshot().endpoints().stream()
                .filter(state -> state.endpoint().name().equals(name))
                .findFirst()
                .orElseThrow()
                .endpoint()
                .statistics();
    }
}
