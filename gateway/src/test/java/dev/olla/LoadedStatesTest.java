package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Model lists tell what is loaded where, soon after it changes.
class LoadedStatesTest {

    private static final String RESIDENT_FIRST =
            "proxy: {load_balancer: resident-first, residency: {refresh: 100ms}}\n";
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

    @Test
    void whatAnLmStudioLoadsShowsInTheListsAndDecidesWhereItIsAskedFor() {
        try (SimulatedServer a = lmStudio("a");
                SimulatedServer b = lmStudio("b");
                TestGateway gateway = TestGateway.of(TestGateway.endpoints(a, b) + RESIDENT_FIRST);
                TestGateway direct = TestGateway.before(b)) {
            Eventually.await("neither is loaded", () -> isAt(gateway, "m0", "a", "not-loaded"));
            askOpenAi(direct, "m0");
            askOpenAi(direct, "m1");
            Eventually.await("m1 is loaded", () -> isAt(gateway, "m1", "b", "loaded"));
            Eventually.await("m0 is not", () -> isAt(gateway, "m0", "b", "not-loaded"));
            assertThat(isAt(gateway, "m1", "a", "not-loaded")).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(askOpenAi(gateway, "m1")).isEqualTo("b");
            }
            assertThat(askOpenAi(gateway, "m0"))
                    .as("nothing has to leave there")
                    .isEqualTo("a");
            assertThat(b.modelLoads()).isEqualTo(2);
        }
    }

    /// It would take the same number of requests for both otherwise.
    @Test
    void theSlotsThatALlamaCppReportsAreItsCapacity() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try (SimulatedServer one = llamacpp("one", 1);
                SimulatedServer three = llamacpp("three", 3);
                TestGateway gateway = TestGateway.of(TestGateway.endpoints(one, three) + RESIDENT_FIRST)) {
            Eventually.await("both are known", () -> places(gateway, "m0").size() == 2);
            for (int sent = 1; sent <= 4; sent++) {
                int expected = sent;
                RawClient client = gateway.raw();
                clients.add(client);
                client.send("POST", "/olla/proxy/v1/chat/completions", "", body("m0"));
                Eventually.await("it is there", () -> chats(one) + chats(three) == expected);
            }
            assertThat(chats(one)).isEqualTo(1);
            assertThat(chats(three)).isEqualTo(3);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static SimulatedServer lmStudio(String name) {
        return SimulatedServer.lmStudio(name)
                .model("m0")
                .model("m1")
                .residentModels(1)
                .coldLoad(Duration.ofMillis(1))
                .start();
    }

    /// Never answers within a test.
    private static SimulatedServer llamacpp(String name, int slots) {
        return SimulatedServer.llamacpp(name)
                .model("m0")
                .slots(slots)
                .timeToFirstToken(Duration.ofMinutes(5))
                .start();
    }

    private static long chats(SimulatedServer server) {
        return server.requests("/v1/chat/completions");
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    /// @return who answered
    private static String askOpenAi(TestGateway gateway, String model) {
        var answer = gateway.post("/olla/proxy/v1/chat/completions", body(model));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("X-Olla-Endpoint").orElseThrow();
    }

    private static JsonNode places(TestGateway gateway, String id) {
        for (JsonNode model : gateway.json("/olla/models").get("data")) {
            if (model.get("id").asString().startsWith(id)) {
                return model.at("/olla/availability");
            }
        }
        return TestGateway.JSON.createArrayNode();
    }

    private static boolean isAt(TestGateway gateway, String id, String endpoint, String state) {
        for (JsonNode place : places(gateway, id)) {
            if (place.path("endpoint").asString().equals(endpoint)) {
                return place.path("state").asString("").equals(state);
            }
        }
        return false;
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
