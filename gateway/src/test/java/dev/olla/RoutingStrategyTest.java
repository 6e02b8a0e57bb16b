package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.SimulatedModel;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every row of the table of strategies: `here` is on a server that is up, `down` on one that is not, `nowhere`
/// on none.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutingStrategyTest {

    private static final String CHAT = "/olla/proxy/v1/chat/completions";

    private final SimulatedServer up = SimulatedServer.vllm("up").model("here").start();
    private final SimulatedServer other =
            SimulatedServer.vllm("other").model("else").start();
    private final SimulatedServer dead =
            SimulatedServer.vllm("dead").model("down").start();
    private final TestGateway gateway = TestGateway.before(up, other, dead);

    @BeforeAll
    void takeOneDown() {
        Eventually.await(
                "its models are known",
                () -> gateway.get("/olla/proxy/v1/models").body().contains("down"));
        dead.stop();
        FaultStatus.await(gateway, "dead", "offline");
    }

    @AfterAll
    void close() {
        gateway.close();
        up.close();
        other.close();
        dead.close();
    }

    @ParameterizedTest(name = "{0} {1} refresh {2}: {3} -> {4} {5}")
    @CsvSource({
        "strict,     compatible_only, false, here,    routed,   model_found,                         200",
        "strict,     all,             false, nowhere, rejected, model_not_found,                     404",
        "strict,     all,             false, down,    rejected, model_unavailable,                   503",
        "optimistic, compatible_only, false, here,    routed,   model_found,                         200",
        "optimistic, none,            false, nowhere, rejected, model_not_found,                     404",
        "optimistic, compatible_only, false, nowhere, rejected, model_not_found,                     404",
        "optimistic, all,             false, nowhere, fallback, model_not_found_fallback,            404",
        "optimistic, none,            false, down,    rejected, model_unavailable_no_fallback,       503",
        "optimistic, compatible_only, false, down,    rejected, model_unavailable_compatible_only,   503",
        "optimistic, '',              false, down,    rejected, model_unavailable_compatible_only,   503",
        "optimistic, all,             false, down,    fallback, all_healthy_fallback,                404",
        "discovery,  all,             false, here,    routed,   model_found_no_refresh,              200",
        "discovery,  all,             true,  here,    routed,   model_found_no_refresh,              200",
        "discovery,  all,             false, nowhere, rejected, model_unavailable_no_refresh,        503",
        "discovery,  all,             false, down,    rejected, model_unavailable_no_refresh,        503",
        "discovery,  none,            true,  nowhere, rejected, model_unavailable_after_discovery,   503",
        "discovery,  compatible_only, true,  down,    rejected, model_unavailable_after_discovery,   503",
        "discovery,  all,             true,  nowhere, fallback, all_healthy_after_discovery,         404",
        "discovery,  '',              true,  down,    fallback, all_healthy_after_discovery,         404",
    })
    void aRowOfTheTable(
            String strategy,
            String fallback,
            boolean refresh,
            String model,
            String decision,
            String reason,
            int status) {
        reload(strategy, fallback, refresh, "2s");
        // A server that gets a model it does not hold says 404 itself.
        assertAnswer(post(model), strategy, decision, reason, status);
    }

    @ParameterizedTest
    @CsvSource({"none, discovery_failed_no_fallback", "compatible_only, discovery_failed_compatible_only"})
    void aDiscoveryThatIsNotOverInTime(String fallback, String reason) {
        try (SimulatedServer slow = SimulatedServer.vllm("slow").model("here").start();
                TestGateway alone =
                        TestGateway.of(TestGateway.endpoints(slow).replace("check_interval: 1s", "check_interval: 60s")
                                + strategy("discovery", fallback, true, "200ms"))) {
            alone.awaitReady();
            slow.fault(Fault.hang());
            assertAnswer(alone.post(CHAT, body("nowhere")), "discovery", "rejected", reason, 503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", ""})
    void aDiscoveryThatCannotBe(String fallback) {
        String yaml = TestGateway.endpoints(up, other) + "  model_discovery: {enabled: false}\n"
                + strategy("discovery", fallback, true, "2s");
        try (TestGateway blind = TestGateway.of(yaml)) {
            FaultStatus.await(blind, "up", "healthy");
            FaultStatus.await(blind, "other", "healthy");
            assertAnswer(
                    blind.post(CHAT, body("nowhere")), "discovery", "fallback", "discovery_failed_all_fallback", 404);
        }
    }

    @Test
    void listsThatCannotBeReadLeaveEverythingOpen() {
        try (SimulatedServer mute =
                        SimulatedServer.vllm("mute").without("/v1/models").start();
                TestGateway alone =
                        TestGateway.of(TestGateway.endpoints(mute) + strategy("discovery", "none", true, "2s"))) {
            HttpResponse<String> answer = alone.post(CHAT, body("m"));
            assertAnswer(answer, "discovery", "fallback", "discovery_error_fallback", 404);
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("mute");
        }
    }

    @Test
    void withoutAnyServerThatIsUpNothingIsAsked() {
        try (SimulatedServer only = SimulatedServer.vllm("only").model("m").start();
                TestGateway alone =
                        TestGateway.watching(TestGateway.endpoints(only) + strategy("discovery", "all", true, "2s"))) {
            Eventually.await(
                    "its models are known",
                    () -> alone.get("/olla/proxy/v1/models").body().contains("\"m\""));
            only.stop();
            FaultStatus.await(alone, "only", "offline");
            assertAnswer(alone.post(CHAT, body("m")), "discovery", "rejected", "no_healthy_after_discovery", 503);
        }
    }

    @Test
    void aFallbackWithoutServersKeepsTheGeneralWordsAndTellsTheDecision() {
        try (SimulatedServer only = SimulatedServer.vllm("only").start()) {
            only.stop();
            try (TestGateway alone =
                    TestGateway.of(TestGateway.endpoints(only) + strategy("optimistic", "all", false, "2s"))) {
                HttpResponse<String> answer = alone.post(CHAT, body("m"));
                assertAnswer(answer, "optimistic", "fallback", "model_not_found_fallback", 503);
                assertThat(answer.body()).contains("no healthy endpoints available");
            }
        }
    }

    @Test
    void aModelThatAppearedIsFoundByAskingOnceForAllWhoMiss() throws Exception {
        reload("discovery", "none", true, "5s");
        up.addModel(SimulatedModel.of("new"));
        long before = up.requests("/v1/models");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 20)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(() -> post("new"), threads))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.get();
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.headers()
                                .firstValue("X-Olla-Routing-Reason")
                                .orElseThrow())
                        .startsWith("model_found");
            }
        } finally {
            up.removeModel("new");
        }
        // Health probes of this kind of server use another path.
        assertThat(up.requests("/v1/models") - before).isBetween(1L, 19L);
    }

    private void reload(String strategy, String fallback, boolean refresh, String timeout) {
        assertThat(gateway.reload(
                                TestGateway.endpoints(up, other, dead) + strategy(strategy, fallback, refresh, timeout))
                        .applied())
                .isTrue();
    }

    private static String strategy(String type, String fallback, boolean refresh, String timeout) {
        return """
                model_registry:
                  routing_strategy:
                    type: %s
                    options: {fallback_behavior: "%s", discovery_refresh_on_miss: %s, discovery_timeout: %s}
                """.formatted(type, fallback, refresh, timeout);
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private HttpResponse<String> post(String model) {
        return gateway.post(CHAT, body(model));
    }

    private static void assertAnswer(
            HttpResponse<String> answer, String strategy, String decision, String reason, int status) {
        assertThat(answer.headers().firstValue("X-Olla-Routing-Strategy")).hasValue(strategy);
        assertThat(answer.headers().firstValue("X-Olla-Routing-Decision")).hasValue(decision);
        assertThat(answer.headers().firstValue("X-Olla-Routing-Reason")).hasValue(reason);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        boolean sent = !decision.equals("rejected") && status != 503;
        assertThat(answer.headers().firstValue("X-Olla-Endpoint").isPresent()).isEqualTo(sent);
        if (decision.equals("rejected")) {
            assertThat(answer.body()).contains(reason);
        }
    }
}
