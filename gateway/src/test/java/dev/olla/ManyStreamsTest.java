package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawConnection.RawRequest;
import dev.olla.testbed.SimulatedServer;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Slow streams at the same time to one server: none lost, none waiting, none out of order, nothing left behind.
class ManyStreamsTest {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ManyStreamsTest.class);
    private static final int STREAMS = 500;
    private static final int WORDS = 20;
    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final long HEAP_ALLOWANCE = 48L << 20;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();

    @BeforeEach
    void listen() {
        leaks.start();
        leakLog().addAppender(leaks);
    }

    @AfterEach
    void stopListening() {
        leakLog().detachAppender(leaks);
        ResourceLeakDetector.setLevel(level);
    }

    private static Logger leakLog() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }

    /// Each event is sent once every stream has brought the one before: a stream that waits would stop them all.
    @Test
    void fiveHundredInStep() throws Exception {
        Steps steps = new Steps();
        try (FaultServer server = FaultServer.start("box", (connection, request) -> play(connection, request, steps));
                TestGateway gateway = TestGateway.of(FaultEndpoints.config("", server.yaml("vllm")))) {
            run(gateway, STREAMS, WORDS, clients -> {
                for (int word = 1; word < WORDS; word++) {
                    int brought = word;
                    steps.reach(word);
                    clients.readUntil("every stream brings word " + word, () -> clients.brought(brought) == STREAMS);
                }
                steps.reach(WORDS);
            });
        }
    }

    private static void play(RawConnection connection, RawRequest request, Steps steps)
            throws IOException, InterruptedException {
        if (!new String(request.body(), StandardCharsets.US_ASCII).contains("\"stream\":true")) {
            connection.write(FaultServer.answer(200, "application/json", "{}"));
            return;
        }
        connection.write(FaultServer.streamHead("text/event-stream"));
        connection.writeChunk("data: {\"content\":\"\"}\n\n");
        for (int word = 1; word < WORDS; word++) {
            steps.await(word);
            connection.writeChunk("data: {\"content\":\" w" + word + "\"}\n\n");
        }
        steps.await(WORDS);
        connection.writeChunk("data: [DONE]\n\n");
        connection.writeChunk("");
    }

    /// About a minute; `-Dolla.soak=true`.
    @Test
    @Tag("soak")
    @EnabledIfSystemProperty(named = "olla.soak", matches = "true")
    void twoThousandForAMinute() throws Exception {
        // Watching every buffer costs more than the streams themselves.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        int events = 300;
        try (SimulatedServer server = SimulatedServer.vllm("box")
                        .model("m")
                        .tokensPerSecond(5)
                        .tokens(events)
                        .start();
                TestGateway gateway = TestGateway.before(server)) {
            run(gateway, 2_000, events, _ -> {});
            assertThat(server.clientCloses()).isZero();
        }
    }

    private interface Middle {
        void run(StreamClients clients) throws IOException;
    }

    private void run(TestGateway gateway, int count, int words, Middle middle) throws IOException {
        assertWorks(gateway);
        long before = usedHeap();
        try (StreamClients clients = new StreamClients(gateway.port(), PATH, count, words)) {
            clients.readUntil("every stream has begun", () -> clients.begun() == count);
            assertThat(clients.ended())
                    .as("streams that ended before the last had begun")
                    .isZero();
            assertThat(FaultStatus.inFlight(gateway, "box")).isEqualTo(count);
            long during = usedHeap();
            middle.run(clients);
            clients.readUntil("every stream is over", () -> clients.ended() == count);
            assertThat(clients.problems()).isEmpty();
            assertNothingIsLeft(gateway, count);
            LOG.warn(
                    "{} streams, {} events: begun within {} ms, over after {} ms, longest wait for an event {} ms;"
                            + " heap {} KiB before, {} during, {} after",
                    count,
                    clients.events(),
                    clients.millisUntilAllBegun(),
                    clients.millisUntilAllEnded(),
                    clients.longestGapMillis(),
                    before >> 10,
                    during >> 10,
                    usedHeap() >> 10);
        }
        assertWorks(gateway);
        assertThat(usedHeap() - before).isLessThan(HEAP_ALLOWANCE);
        assertThat(leaks.list).isEmpty();
    }

    private static void assertNothingIsLeft(TestGateway gateway, int count) {
        FaultStatus.awaitIdle(gateway, "box");
        JsonNode system = gateway.json("/internal/status").get("system");
        assertThat(system.get("active_connections").asInt()).isZero();
        assertThat(system.get("total_failures").asInt()).isZero();
        assertThat(system.get("requests_client_left").asInt()).isZero();
        assertThat(system.get("total_requests").asInt()).isEqualTo(count + 20);
    }

    /// A count that servers wait for.
    private static final class Steps {

        private int reached;

        synchronized void reach(int step) {
            reached = step;
            notifyAll();
        }

        synchronized void await(int step) throws InterruptedException {
            while (reached < step) {
                wait();
            }
        }
    }

    /// Also gives the leak detector the allocations by which it reports.
    private static void assertWorks(TestGateway gateway) {
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.post(PATH, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1}")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
