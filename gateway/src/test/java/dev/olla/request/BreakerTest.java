package dev.olla.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.Eventually;
import dev.olla.fleet.CircuitBreaker.Standing;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.ResidencySettings;
import dev.olla.request.select.Balancers;
import dev.olla.request.select.QueueSettings;
import dev.olla.request.select.WaitingRoom;
import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The breaker on the path of requests: whom a server's failures keep away, for how long, and whom never.
class BreakerTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final Duration OPEN = Duration.ofSeconds(30);

    private final SimulatedServer first =
            SimulatedServer.vllm("first").model("m").start();
    private final SimulatedServer second =
            SimulatedServer.vllm("second").model("m").start();
    private final SampleFleet fleet = new SampleFleet();
    private @Nullable PipelineGateway gateway;

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
        first.close();
        second.close();
    }

    @Test
    void fiveFailuresInARowKeepRequestsAway() throws Exception {
        beforeBoth();
        eject();
        for (int i = 0; i < 5; i++) {
            assertThat(post()).isEqualTo("200 second");
        }
        assertThat(first.requests(CHAT)).isEqualTo(5);
    }

    @Test
    void aSuccessInBetweenForgives() throws Exception {
        beforeBoth();
        for (int i = 0; i < 4; i++) {
            failing(4);
            first.clearFault();
            assertThat(post()).isEqualTo("200 first");
        }
    }

    @Test
    void truncatedStreamsAreFailures() throws Exception {
        beforeBoth();
        first.fault(Fault.dropAfter(3));
        for (int i = 0; i < 5; i++) {
            try (RawClient client = client()) {
                client.send("POST", "/olla/proxy" + CHAT, "", "{\"model\":\"m\",\"stream\":true}");
                assertThat(client.readResponse().complete()).isFalse();
            }
        }
        assertThat(post()).isEqualTo("200 second");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void whatIsTheClientsFaultKeepsNobodyAway(int status) throws Exception {
        beforeBoth();
        first.fault(Fault.status(status));
        for (int i = 0; i < 12; i++) {
            assertThat(post()).isEqualTo(status + " first");
        }
    }

    @Test
    void afterItsTimeOneRequestIsTheTrial() throws Exception {
        beforeBoth();
        eject();
        fleet.passes(OPEN.minusMillis(1));
        assertThat(post()).isEqualTo("200 second");
        fleet.passes(Duration.ofMillis(1));
        assertThat(post()).isEqualTo("500 first");
        assertThat(post()).isEqualTo("200 second");
        fleet.passes(OPEN);
        first.clearFault();
        assertThat(post()).isEqualTo("200 first");
        assertThat(post()).isEqualTo("200 first");
    }

    @Test
    void whileTheTrialIsUnderWayOthersGoElsewhere() throws Exception {
        beforeBoth();
        eject();
        fleet.passes(OPEN);
        first.fault(Fault.hang());
        try (RawClient trial = client()) {
            trial.send("POST", "/olla/proxy" + CHAT, "", "{\"model\":\"m\"}");
            Eventually.await("the trial is under way", () -> first.requests(CHAT) == 6);
            assertThat(post()).isEqualTo("200 second");
            assertThat(post()).isEqualTo("200 second");
            trial.reset();
            Eventually.await("its client has left", () -> inFlight("first") == 0);
        }
        first.clearFault();
        assertThat(post()).isEqualTo("200 first"); // whose client left told nothing: the next is the trial
    }

    @Test
    void theOnlyServerAnswersForItself() throws Exception {
        add(first, 200);
        start();
        failing(12);
        assertThat(first.requests(CHAT)).isEqualTo(12);
        first.clearFault();
        assertThat(post()).isEqualTo("200 first");
        assertThat(fleet.endpoint("first").breaker().standing()).isEqualTo(Standing.CLOSED);
    }

    @Test
    void whereEveryServerIsEjectedEachIsStillTried() throws Exception {
        beforeBoth();
        eject();
        second.fault(Fault.reset());
        for (int i = 0; i < 8; i++) {
            assertThat(post()).isEqualTo("500 first"); // the second resets, the first answers as it can
        }
        assertThat(fleet.endpoint("second").breaker().standing()).isEqualTo(Standing.EJECTED);
        second.clearFault();
        first.fault(Fault.reset());
        for (int i = 0; i < 8; i++) {
            assertThat(post()).isEqualTo("200 second");
        }
    }

    @Test
    void leaversAreNeverBlamed() throws Exception {
        beforeBoth();
        first.fault(Fault.hang());
        for (int i = 1; i <= 10; i++) {
            try (RawClient client = client()) {
                client.send("POST", "/olla/proxy" + CHAT, "", "{\"model\":\"m\"}");
                int arrived = i;
                Eventually.await("it has arrived", () -> first.requests(CHAT) == arrived);
                client.reset();
            }
        }
        Eventually.await("they have left", () -> inFlight("first") == 0);
        first.clearFault();
        assertThat(post()).isEqualTo("200 first");
        var counted = fleet.endpoint("first").statistics();
        assertThat(counted.clientsLeft()).isEqualTo(10);
        assertThat(counted.failures()).isZero();
        assertThat(counted.successes()).isEqualTo(1);
        assertThat(second.requests(CHAT)).isZero();
    }

    private int inFlight(String name) {
        return fleet.endpoint(name).inFlight().get();
    }

    private void beforeBoth() {
        add(first, 200);
        add(second, 100);
        start();
    }

    private void add(SimulatedServer server, int priority) {
        fleet.with(
                SampleFleet.settings(server.uri(), server.name(), "vllm", priority, false, Map.of()),
                EndpointStatus.HEALTHY,
                "m");
    }

    private void start() {
        gateway = new PipelineGateway(
                fleet,
                Balancers.named(
                        "priority",
                        new SplittableRandom(1),
                        new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime),
                        ResidencySettings.DEFAULTS));
    }

    private void eject() throws IOException {
        failing(5);
        assertThat(fleet.endpoint("first").breaker().standing()).isEqualTo(Standing.EJECTED);
    }

    private void failing(int times) throws IOException {
        first.fault(Fault.status(500));
        for (int i = 0; i < times; i++) {
            assertThat(post()).isEqualTo("500 first");
        }
    }

    private RawClient client() throws IOException {
        if (gateway == null) {
            throw new IllegalStateException("not started");
        }
        return RawClient.connect(gateway.port());
    }

    /// The status and who gave it.
    private String post() throws IOException {
        try (RawClient client = client()) {
            client.send("POST", "/olla/proxy" + CHAT, "", "{\"model\":\"m\"}");
            RawResponse answer = client.readResponse();
            return answer.status() + " " + answer.header("X-Olla-Endpoint");
        }
    }
}
