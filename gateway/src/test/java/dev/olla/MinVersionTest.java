package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.ServerKind;
import dev.olla.testbed.SimulatedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// `min_version` of a profile: a server that is older gets no request in a format that it doesn't know yet.
class MinVersionTest {

    private static final String MESSAGE =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static SimulatedServer server(ServerKind kind, String version) {
        return SimulatedServer.of(kind, "box").model("m").version(version).start();
    }

    private static TestGateway before(SimulatedServer server) {
        TestGateway gateway = TestGateway.of("discovery:\n  model_discovery: {interval: 100ms}\n"
                + "  static:\n    endpoints:\n"
                + TestGateway.endpoint(
                        "box", server.uri().toString(), server.kind().type()));
        Eventually.await(
                "its model is known", () -> gateway.get("/olla/models").body().contains("\"m"));
        return gateway;
    }

    private static JsonNode advice(TestGateway gateway) {
        return gateway.json("/internal/status/endpoints").at("/endpoints/0/advice");
    }

    private static void asks(TestGateway gateway) {
        var answer = gateway.post("/olla/anthropic/v1/messages", MESSAGE);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"type\":\"message\"");
    }

    @ParameterizedTest
    @CsvSource({
        "OLLAMA, 0.13.5, 0.14.0",
        "OLLAMA, 0.14.0-rc1, 0.14.0",
        "VLLM, 0.11.0, 0.11.1",
        "LLAMACPP, b4846-1a2b3c, b4847"
    })
    void anOlderServerGetsTheRequestTranslatedAndTheStatusSaysWhy(ServerKind kind, String version, String from) {
        try (SimulatedServer server = server(kind, version);
                TestGateway gateway = before(server)) {
            asks(gateway);
            assertThat(server.requests("/v1/messages")).isZero();
            assertThat(advice(gateway).path(0).asString(""))
                    .isEqualTo("version " + version + ": the server takes Anthropic's Messages API from " + from
                            + " on, until then its requests are translated: update the server");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OLLAMA, 0.14.0",
        "OLLAMA, unknown",
        "VLLM, 0.11.1",
        "VLLM, 0.11.2.dev7+g1a2b3c",
        "LLAMACPP, b4847-1a2b3c",
        "LLAMACPP, b1-1a2b3c",
        "LM_STUDIO, 0.0.1"
    })
    void oneThatIsNewEnoughOrDoesNotTellGetsItAsItIs(ServerKind kind, String version) {
        try (SimulatedServer server = server(kind, version);
                TestGateway gateway = before(server)) {
            asks(gateway);
            assertThat(server.requests("/v1/messages")).isEqualTo(1);
            assertThat(advice(gateway).isMissingNode()).isTrue();
        }
    }

    @Test
    void anUpdateIsNoticed() {
        SimulatedServer old = server(ServerKind.OLLAMA, "0.13.5");
        try (TestGateway gateway = before(old)) {
            asks(gateway);
            old.close();
            try (SimulatedServer updated = SimulatedServer.ollama("box")
                    .model("m")
                    .version("0.24.0")
                    .port(old.port())
                    .start()) {
                Eventually.await("nothing is advised", () -> advice(gateway).isMissingNode());
                Eventually.await(
                        "it is up",
                        () -> gateway.json("/internal/status/endpoints")
                                .at("/endpoints/0/status")
                                .asString()
                                .matches("healthy|warming"));
                asks(gateway);
                assertThat(updated.requests("/v1/messages")).isEqualTo(1);
            }
        } finally {
            old.close();
        }
    }
}
