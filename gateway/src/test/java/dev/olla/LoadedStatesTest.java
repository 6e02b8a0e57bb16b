package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Model lists tell what is loaded where, soon after it changes.
class LoadedStatesTest {

    private static final String SOON = "proxy: {residency: {refresh: 100ms}}\n";

    @Test
    void whatAnOllamaLoadsShowsInTheLists() {
        try (SimulatedServer server = SimulatedServer.ollama("a")
                        .model("m0")
                        .model("m1")
                        .residentModels(1)
                        .coldLoad(Duration.ofMillis(1))
                        .start();
                TestGateway gateway = TestGateway.of(TestGateway.endpoints(server) + SOON)) {
            Eventually.await("the models are found", () -> state(gateway, "m1").length() > 0);
            for (String model : new String[] {"m0", "m1", "m0"}) {
                String other = model.equals("m0") ? "m1" : "m0";
                ask(gateway, model);
                Eventually.await(
                        model + " is loaded", () -> state(gateway, model).equals("loaded"));
                Eventually.await(other + " is not", () -> !state(gateway, other).equals("loaded"));
                assertThat(gateway.get("/olla/models?available=true").body())
                        .contains(model)
                        .doesNotContain(other);
            }
        }
    }

    private static void ask(TestGateway gateway, String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        assertThat(gateway.post("/olla/ollama/api/chat", body).statusCode()).isEqualTo(200);
    }

    private static String state(TestGateway gateway, String id) {
        for (JsonNode model : gateway.json("/olla/models").get("data")) {
            if (model.get("id").asString().startsWith(id)) {
                return model.at("/olla/availability/0/state").asString("");
            }
        }
        return "";
    }
}
