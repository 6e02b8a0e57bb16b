package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Configurations that follow one another while requests come 200 a second and streams are open: nobody notices,
/// and nothing is left of those that went.
///
/// A short run in the suite; `-Dolla.reloads=1000` is the whole.
class ReloadUnderLoadTest {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ReloadUnderLoadTest.class);
    private static final int RELOADS = Integer.getInteger("olla.reloads", 50);
    private static final int STREAMS = 20;
    private static final long PERIOD_MICROS = 5_000;
    private static final long HEAP_ALLOWANCE = 8L << 20;
    private static final String PATH = "/olla/proxy/v1/chat/completions";

    private final SimulatedServer stays = server("stays");
    private final SimulatedServer comes = server("comes");
    private final SimulatedServer slow = SimulatedServer.vllm("slow")
            .model("long")
            .tokensPerSecond(50)
            .tokens(150)
            .start();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger streamed = new AtomicInteger();

    private static SimulatedServer server(String name) {
        return SimulatedServer.vllm(name).model("m").model("long").tokens(5).start();
    }

    /// Everything that a reload can change, in turn.
    private String configuration(int number) {
        String yaml = """
                server:
                  read_timeout: %ds
                  request_limits: {max_body_size: %d}
                  request_logging: %s
                  rate_limits: {global_requests_per_minute: 0, per_ip_requests_per_minute: %d, burst_size: %d}
                  cors: {enabled: %s}
                proxy:
                  load_balancer: %s
                  connection_keep_alive: %ds
                  profile: %s
                model_registry: {enable_unifier: %s}
                dashboard: {gate_internal_api: %s}
                discovery:
                  model_discovery: {interval: %dm}
                  static:
                    endpoints:
                """.formatted(
                        20 + number % 7,
                        100_000 + number,
                        number % 2 == 0,
                        1_000_000 + number % 3,
                        500_000,
                        number % 3 == 0,
                        List.of("least-connections", "priority", "round-robin").get(number % 3),
                        20 + number % 5,
                        number % 2 == 0 ? "auto" : "streaming",
                        number % 4 != 0,
                        number % 5 == 0,
                        5 + number % 2);
        return yaml + endpoints(number);
    }

    private String endpoints(int number) {
        String stayed = endpoint(stays, "stays", "priority: " + number % 4 + ", headers: {X-Number: '" + number + "'}");
        String streams = endpoint(slow, "slow", "model_filter: {include: [long]}");
        // Of a name and a URL that were never there before, so that what is kept by either would pile up.
        String came = "      - {url: \"" + comes.uri() + "/" + number + "\", name: comes-" + number
                + ", type: vllm, health_check_url: \"" + comes.uri() + "/health\", model_url: \"" + comes.uri()
                + "/v1/models\", check_interval: 1s, check_timeout: 900ms}\n";
        return switch (number % 4) {
            case 0 -> stayed + streams;
            case 1 -> came + stayed + streams;
            case 2 -> stayed + streams + came;
            default -> stayed;
        };
    }

    private static String endpoint(SimulatedServer server, String name, String more) {
        return "      - {url: \"" + server.uri() + "\", name: " + name
                + ", type: vllm, check_interval: 1s, check_timeout: 900ms, " + more + "}\n";
    }

    @Test
    void nobodyNoticesAndNothingIsLeft() throws Exception {
        try (stays;
                comes;
                slow;
                TestGateway gateway = TestGateway.of(configuration(0))) {
            FaultStatus.await(gateway, "slow", "healthy");
            // What is made once, by the first of each kind, is no growth.
            run(gateway, 20);
            settle(gateway);
            Map<String, Long> threads = threads();
            long heap = usedHeap();
            run(gateway, RELOADS);
            settle(gateway);
            long grown = usedHeap() - heap;
            LOG.warn(
                    "{} reloads: {} requests, {} streams, heap grew by {} KiB to {}, threads {}",
                    RELOADS,
                    sent,
                    streamed,
                    grown >> 10,
                    (heap + grown) >> 10,
                    threads);
            assertThat(wrong).isEmpty();
            assertThat(streamed.get()).isGreaterThanOrEqualTo(2 * STREAMS);
            assertThat(grown).isLessThan(HEAP_ALLOWANCE);
            Eventually.await(() -> "no thread is left: " + growth(threads), () -> growth(threads).isEmpty());
            assertThat(LeakCheck.find()).isEmpty();
        }
    }

    private void run(TestGateway gateway, int reloads) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            CountDownLatch open = new CountDownLatch(STREAMS);
            for (int i = 0; i < STREAMS; i++) {
                clients.execute(() -> streams(gateway.port(), open, over));
            }
            open.await();
            Future<?> ticking = clock.scheduleAtFixedRate(
                    () -> clients.execute(() -> request(gateway.port())), 0, PERIOD_MICROS, TimeUnit.MICROSECONDS);
            for (int number = 1; number <= reloads; number++) {
                reload(gateway, number);
            }
            reload(gateway, 0);
            ticking.cancel(false);
            over.set(true);
            Eventually.await("every request is answered", () -> answered.get() + wrong.size() >= sent.get());
        }
    }

    /// The next one comes when some requests went by this one.
    private void reload(TestGateway gateway, int number) {
        var reload = gateway.reload(configuration(number));
        if (!reload.applied()) {
            wrong.add("reload " + number + ": " + reload.errors());
        }
        int before = answered.get() + wrong.size();
        Eventually.await("some requests pass", () -> answered.get() + wrong.size() >= before + 4);
    }

    private void request(int port) {
        int number = sent.incrementAndGet();
        boolean stream = number % 2 == 0;
        String body = "{\"model\":\"m\",\"messages\":[],\"stream\":" + stream + "}";
        try (RawClient client = RawClient.connect(port, Duration.ofSeconds(20))) {
            client.send("POST", PATH, "", body);
            RawResponse answer = client.readResponse();
            boolean whole = answer.status() == 200
                    && answer.complete()
                    && (!stream || answer.body().endsWith("data: [DONE]\n\n"));
            if (whole) {
                answered.incrementAndGet();
            } else {
                wrong.add("request " + number + ": " + answer.head() + answer.body());
            }
        } catch (IOException e) {
            wrong.add("request " + number + ": " + e);
        }
    }

    /// One stream after the other, each from the server that comes and goes; the first is counted when it has
    /// begun.
    private void streams(int port, CountDownLatch open, AtomicBoolean over) {
        boolean first = true;
        do {
            try (RawClient client = RawClient.connect(port, Duration.ofSeconds(20))) {
                client.send("POST", PATH, "", "{\"model\":\"long\",\"messages\":[],\"stream\":true}");
                String head = client.readHead();
                if (first) {
                    first = false;
                    open.countDown();
                }
                StringBuilder body = new StringBuilder();
                for (String chunk = client.readChunk(); chunk != null; chunk = client.readChunk()) {
                    body.append(chunk);
                }
                if (head.startsWith("HTTP/1.1 200 ") && body.toString().endsWith("data: [DONE]\n\n")) {
                    streamed.incrementAndGet();
                } else {
                    wrong.add("stream: " + head + body);
                }
            } catch (IOException e) {
                wrong.add("stream: " + e);
                open.countDown();
            }
        } while (!over.get());
    }

    /// Waits until the last configuration alone is at work: the server that it lacks has no connection left.
    private void settle(TestGateway gateway) {
        FaultStatus.awaitIdle(gateway, "stays");
        FaultStatus.awaitIdle(gateway, "slow");
        Eventually.await("no connection to the removed server is left", () -> comes.openConnections() == 0);
        Eventually.await(
                "the clients' connections are closed", () -> gateway.gateway().connections() <= 1);
        assertThat(gateway.json("/internal/status/endpoints").get("endpoints")).hasSize(2);
    }

    /// How many platform threads there are of each kind, those of the test's own client left out.
    private static Map<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[-0-9]+$", ""))
                .filter(name -> !name.startsWith("olla-resolve")
                        && !name.startsWith("ForkJoinPool")
                        && !name.startsWith("HttpClient"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    /// The kinds of which there are more than before.
    private static Map<String, Long> growth(Map<String, Long> before) {
        Map<String, Long> growth = threads();
        growth.entrySet().removeIf(kind -> kind.getValue() <= before.getOrDefault(kind.getKey(), 0L));
        return growth;
    }

    private static long usedHeap() throws InterruptedException {
        LeakCheck.find();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
