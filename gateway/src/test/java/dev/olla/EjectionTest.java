package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Servers whose probes are good and whose answers are not: how they are taken out, and how they come back.
class EjectionTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";
    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String QUICK =
            "load_balancer: priority, circuit_breaker: {failure_threshold: 2, open_duration: 300ms}, slow_start: 300ms";
    private static final String LONG =
            "load_balancer: priority, circuit_breaker: {failure_threshold: 2, open_duration: 10m}";
    private static final String OK = FaultServer.answer(200, "application/json", "{}");

    private final SimulatedServer good = SimulatedServer.vllm("good").model("m").start();
    private volatile FaultServer.Play play = FaultServer.answering(FaultServer.answer(500, "application/json", "{}"));
    private final FaultServer bad = FaultServer.start("bad", (connection, request) -> play.run(connection, request));

    @AfterEach
    void close() {
        good.close();
        bad.close();
    }

    @Test
    void itIsEjectedThenOnTrialThenStartsSlowlyThenIsHealthy() {
        try (TestGateway gateway = beforeBoth(QUICK)) {
            failTwice(gateway);
            FaultStatus.await(gateway, "bad", "warming"); // ejected before, for a moment
            assertThat(gateway.post(PATH, CHAT).statusCode())
                    .as("a trial that is lost")
                    .isEqualTo(500);
            assertThat(bad.requests()).isEqualTo(3);
            play = FaultServer.answering(OK);
            Eventually.await("it serves again", () -> endpointOf(gateway).equals("bad"));
            FaultStatus.await(gateway, "bad", "healthy");
        }
    }

    @Test
    void whileItIsEjectedNothingGoesThereAndBothPagesSaySo() {
        try (TestGateway gateway = beforeBoth(LONG)) {
            failTwice(gateway);
            for (int i = 0; i < 5; i++) {
                assertThat(endpointOf(gateway)).isEqualTo("good");
            }
            assertThat(bad.requests()).isEqualTo(2);
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("ejected");
            JsonNode page = gateway.json("/internal/status");
            assertThat(page.at("/system/endpoints_up").asString()).isEqualTo("1/2");
            assertThat(page.get("endpoints").findValuesAsString("status")).contains("ejected");
            JsonNode endpoints = gateway.json("/internal/status/endpoints");
            assertThat(endpoints.get("routable_count").asInt()).isEqualTo(1);
            assertThat(gateway.get("/olla/models").body()).contains("\"m\"");
        }
    }

    @Test
    void goodProbesDoNotReadmitIt() {
        try (TestGateway gateway = beforeBoth(QUICK)) {
            failTwice(gateway);
            FaultStatus.await(gateway, "bad", "warming");
            for (int i = 0; i < 2; i++) {
                String probed = lastProbe(gateway);
                Eventually.await("it is probed", () -> !lastProbe(gateway).equals(probed));
                assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("warming");
            }
            assertThat(gateway.json("/internal/status")
                            .at("/system/endpoints_up")
                            .asString())
                    .isEqualTo("2/2");
        }
    }

    private static String lastProbe(TestGateway gateway) {
        return FaultStatus.endpoint(gateway, "bad").get("health_check_at").asString();
    }

    @Test
    void oneRequestAtATimeIsOnTrial() throws Exception {
        try (TestGateway gateway = beforeBoth(QUICK)) {
            failTwice(gateway);
            FaultStatus.await(gateway, "bad", "warming");
            play = FaultServer.silent();
            try (RawClient trial = gateway.raw()) {
                trial.send("POST", PATH, "", CHAT);
                Eventually.await("the trial is under way", () -> bad.requests() == 3);
                for (int i = 0; i < 5; i++) {
                    assertThat(endpointOf(gateway)).isEqualTo("good");
                }
                assertThat(bad.requests()).isEqualTo(3);
                assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("warming");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stalled head", "truncated", "closed", "malformed"})
    void everyFaultOfAServerCounts(String fault) throws Exception {
        play = switch (fault) {
            case "stalled head" -> FaultServer.silent();
            case "truncated" ->
                (connection, _) -> {
                    connection.write(FaultServer.streamHead("text/event-stream"));
                    connection.writeChunk("data: x\n\n");
                };
            case "closed" -> (connection, _) -> connection.close();
            default -> FaultServer.answering("nonsense\r\n\r\n");
        };
        try (TestGateway gateway = beforeBoth(LONG + ", response_header_timeout: 1s, retry: {enabled: false}")) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = gateway.raw()) {
                    client.send("POST", PATH, "", CHAT);
                    var answer = client.readResponse();
                    assertThat(answer.status() >= 500 || !answer.complete()).isTrue();
                }
            }
            Eventually.await(
                    "it is ejected", () -> FaultStatus.of(gateway, "bad").equals("ejected"));
            assertThat(endpointOf(gateway)).isEqualTo("good");
        }
    }

    @Test
    void whatIsTheClientsOwnMistakeDoesNotCount() {
        play = FaultServer.answering(FaultServer.answer(429, "application/json", "{}"));
        try (TestGateway gateway = beforeBoth(LONG + ", retry: {enabled: false}")) {
            for (int i = 0; i < 6; i++) {
                assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(429);
            }
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("healthy");
        }
    }

    @Test
    void ofTwoServersOneIsEjectedAtMost() {
        try (FaultServer other = FaultServer.start(
                        "other", FaultServer.answering(FaultServer.answer(500, "application/json", "{}")));
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        LONG.replace("priority", "round-robin"),
                        FaultEndpoints.endpoint("bad", bad.url(), "vllm", 100),
                        FaultEndpoints.endpoint("other", other.url(), "vllm", 100)))) {
            for (int i = 0; i < 12; i++) {
                assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
            }
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("ejected");
            assertThat(FaultStatus.of(gateway, "other")).isEqualTo("healthy");
        }
    }

    /// Of three servers one may be out, of two as well, and of one none.
    @ParameterizedTest
    @ValueSource(strings = {"drain", "disable"})
    void theShareIsOfTheServersThatTakeWork(String how) {
        try (FaultServer third = FaultServer.start("third", FaultServer.answering(OK));
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        LONG,
                        FaultEndpoints.endpoint("bad", bad.url(), "vllm", 200),
                        FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100),
                        FaultEndpoints.endpoint("third", third.url(), "vllm", 50)))) {
            failTwice(gateway);
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("ejected");
            control(gateway, "good", how);
            assertThat(FaultStatus.of(gateway, "bad")).as("one of two").isEqualTo("ejected");
            control(gateway, "third", how);
            assertThat(FaultStatus.of(gateway, "bad"))
                    .as("the last that takes work")
                    .isEqualTo("warming");
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
            assertThat(FaultStatus.of(gateway, "bad"))
                    .as("a trial that is lost")
                    .isEqualTo("warming");
        }
    }

    @Test
    void theShareHoldsOverAReloadThatTakesServersOut() {
        try (TestGateway gateway = beforeBoth(LONG)) {
            failTwice(gateway);
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("ejected");
            gateway.reload(FaultEndpoints.config(LONG, FaultEndpoints.endpoint("bad", bad.url(), "vllm", 200)));
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("warming");
        }
    }

    private static void control(TestGateway gateway, String endpoint, String verb) {
        assertThat(gateway.post("/internal/endpoints/" + endpoint + "/" + verb, "")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theOnlyServerAnswersForItself() {
        try (TestGateway gateway =
                TestGateway.of(FaultEndpoints.config(LONG, FaultEndpoints.endpoint("bad", bad.url(), "vllm", 100)))) {
            for (int i = 0; i < 6; i++) {
                assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
            }
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("healthy");
            gateway.reload(FaultEndpoints.config(
                    LONG.replace("10m", "10m, max_ejected_percent: 100"),
                    FaultEndpoints.endpoint("bad", bad.url(), "vllm", 100)));
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("ejected");
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
            play = FaultServer.answering(OK);
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("warming");
        }
    }

    @Test
    void aReloadKeepsTheBreakerAndChangesItsSettings() {
        try (TestGateway gateway = beforeBoth(LONG)) {
            failTwice(gateway);
            gateway.reload(yaml(LONG.replace("failure_threshold: 2", "failure_threshold: 3")));
            assertThat(FaultStatus.of(gateway, "bad")).isEqualTo("ejected");
            gateway.reload(yaml(QUICK));
            FaultStatus.await(gateway, "bad", "warming");
        }
    }

    @Test
    void afterRecoveryItStartsSlowly() {
        try (TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                "load_balancer: round-robin, slow_start: 10m",
                FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100),
                FaultEndpoints.endpoint("bad", bad.url(), "vllm", 100)))) {
            play = FaultServer.answering(OK);
            FaultStatus.await(gateway, "good", "healthy");
            good.stop();
            FaultStatus.await(gateway, "good", "offline");
            good.restart();
            FaultStatus.await(gateway, "good", "warming");
            int served = 0;
            for (int i = 0; i < 33; i++) {
                served += endpointOf(gateway).equals("good") ? 1 : 0;
            }
            assertThat(served).isBetween(2, 6); // a tenth of the other's share
        }
    }

    @Test
    void aServerThatFailsFastBesideASlowOneCostsNobodyAnything() throws Exception {
        assertThat(failuresUntilItIsBack("")).isEmpty();
    }

    @Test
    void evenWithoutRetriesAHandfulFails() throws Exception {
        assertThat(failuresUntilItIsBack(", retry: {enabled: false}")).hasSizeLessThanOrEqualTo(12);
    }

    /// A hundred requests a second for a server that fails within milliseconds and one that takes its time, until
    /// the first was ejected, recovered, and is healthy again.
    private Queue<Integer> failuresUntilItIsBack(String retry) throws Exception {
        play = FaultServer.answering(FaultServer.answer(503, "application/json", "{}"));
        Queue<Integer> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        FaultServer.Play slowly = (connection, _) -> {
            Thread.sleep(100);
            connection.write(OK);
        };
        try (FaultServer slow = FaultServer.start("slow", slowly);
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "circuit_breaker: {open_duration: 2s}, slow_start: 1s" + retry,
                        FaultEndpoints.endpoint("bad", bad.url(), "vllm", 100),
                        FaultEndpoints.endpoint("slow", slow.url(), "vllm", 100)));
                ScheduledExecutorService pace = Executors.newScheduledThreadPool(1);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Supplier<Integer> request = () -> gateway.post(PATH, CHAT).statusCode();
            FaultStatus.await(gateway, "bad", "healthy");
            FaultStatus.await(gateway, "slow", "healthy");
            pace.scheduleAtFixedRate(
                    () -> {
                        sent.incrementAndGet();
                        clients.execute(() -> {
                            int status = request.get();
                            if (status != 200) {
                                failures.add(status);
                            }
                            answered.incrementAndGet();
                        });
                    },
                    0,
                    10,
                    TimeUnit.MILLISECONDS);
            FaultStatus.await(gateway, "bad", "ejected");
            play = FaultServer.answering(OK);
            int until = bad.requests();
            FaultStatus.await(gateway, "bad", "healthy");
            Eventually.await("it serves again", () -> bad.requests() > until + 20);
            pace.shutdown();
            Eventually.await("all are answered", () -> answered.get() == sent.get());
        }
        return failures;
    }

    private static String endpointOf(TestGateway gateway) {
        HttpResponse<String> answer = gateway.post(PATH, CHAT);
        return answer.statusCode() == 200
                ? answer.headers().firstValue("X-Olla-Endpoint").orElse("none")
                : String.valueOf(answer.statusCode());
    }

    private static void failTwice(TestGateway gateway) {
        for (int i = 0; i < 2; i++) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
        }
    }

    private String yaml(String settings) {
        return FaultEndpoints.config(
                settings,
                FaultEndpoints.endpoint("bad", bad.url(), "vllm", 200),
                FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100));
    }

    private TestGateway beforeBoth(String settings) {
        TestGateway gateway = TestGateway.of(yaml(settings));
        FaultStatus.await(gateway, "bad", "healthy");
        FaultStatus.await(gateway, "good", "healthy");
        return gateway;
    }
}
