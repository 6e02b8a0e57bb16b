package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What `proxy.residency.prefer` and `proxy.residency.busy_window` change, as the gateway explains its choice.
class ResidencyKeysTest {

    private static String yaml(String balancer, String key, SimulatedServer... servers) {
        return TestGateway.endpoints(servers) + "proxy: {load_balancer: " + balancer + ", residency: {refresh: 100ms, "
                + key + "}}\n";
    }

    private static SimulatedServer server(String name) {
        return SimulatedServer.ollama(name)
                .model("x")
                .model("y")
                .residentModels(1)
                .coldLoad(Duration.ofMillis(1))
                .start();
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static String ask(TestGateway gateway, String model) {
        var answer = gateway.post("/olla/ollama/api/chat", body(model));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("X-Olla-Endpoint").orElseThrow();
    }

    private static JsonNode explain(TestGateway gateway, String model) {
        return TestGateway.JSON.readTree(
                gateway.post("/internal/explain", body(model)).body());
    }

    private static String reason(JsonNode record, String endpoint) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode candidate : record.get("candidates")) {
            if (candidate.get("name").asString().equals(endpoint)) {
                reasons.add(candidate.path("reason").asString(""));
            }
        }
        return String.join("", reasons);
    }

    /// So that it has read an answer that was given after this was called.
    private static void awaitKnown(SimulatedServer... servers) {
        for (SimulatedServer server : servers) {
            long before = server.requests("/api/ps");
            Eventually.await("it is asked what is loaded", () -> server.requests("/api/ps") >= before + 3);
        }
    }

    @Test
    void preferBreaksATieByWhoHasTheModelLoaded() {
        try (SimulatedServer a = server("a");
                SimulatedServer b = server("b");
                TestGateway direct = TestGateway.before(b);
                TestGateway preferring = TestGateway.of(yaml("least-connections", "prefer: true", a, b));
                TestGateway other = TestGateway.of(yaml("least-connections", "prefer: false", a, b))) {
            ask(direct, "x");
            Eventually.await(
                    "it knows where the model is",
                    () -> explain(preferring, "x").path("endpoint").asString("").equals("b"));
            awaitKnown(a, b);
            assertThat(explain(other, "x").get("endpoint").asString()).isEqualTo("a");
        }
    }

    @Test
    void aModelThatWasUsedWithinTheBusyWindowIsNotPushedOutLightly() {
        assertThat(whatLoadingAnotherModelTakes("busy_window: 1h")).contains("pushes out a model in use");
    }

    @Test
    void afterTheBusyWindowNobodyMissesAModel() {
        assertThat(whatLoadingAnotherModelTakes("busy_window: 1ms"))
                .contains("to be loaded")
                .doesNotContain("pushes out");
    }

    /// Where the other server is empty and would be chosen.
    private static String whatLoadingAnotherModelTakes(String key) {
        try (SimulatedServer a = server("a");
                SimulatedServer b = server("b");
                TestGateway gateway = TestGateway.of(yaml("resident-first", key, a, b))) {
            awaitKnown(a, b);
            String used = ask(gateway, "x");
            awaitKnown(a, b);
            JsonNode record = explain(gateway, "y");
            return reason(record, used);
        }
    }
}
