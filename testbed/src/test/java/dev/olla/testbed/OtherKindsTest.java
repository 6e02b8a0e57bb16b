package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class OtherKindsTest {

    private static final String CHAT = "{\"model\":\"acme/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Http http = new Http();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void lmStudioTellsWhatIsLoaded() throws Exception {
        try (SimulatedServer server = SimulatedServer.lmStudio("desk")
                .model("acme/m")
                .model("acme/n")
                .residentModels(1)
                .start()) {
            http.post(server, "/v1/chat/completions", CHAT);

            JsonNode models = Http.json(http.get(server, "/api/v0/models")).get("data");
            assertThat(models.get(0).get("state").asString()).isEqualTo("loaded");
            assertThat(models.get(1).get("state").asString()).isEqualTo("not-loaded");
            assertThat(models.get(0).get("publisher").asString()).isEqualTo("acme");
        }
    }

    @Test
    void lemonadeServesUnderItsOwnPrefix() throws Exception {
        try (SimulatedServer server =
                SimulatedServer.lemonade("npu").model("acme/m").start()) {
            JsonNode model =
                    Http.json(http.get(server, "/api/v1/models")).get("data").get(0);

            assertThat(model.get("recipe").asString()).isEqualTo("llamacpp");
            assertThat(http.get(server, "/api/v1/health").statusCode()).isEqualTo(200);
            assertThat(http.post(server, "/api/v1/chat/completions", CHAT).body())
                    .contains("npu says:");
        }
    }

    @Test
    void llamacppListsModelsTwice() throws Exception {
        try (SimulatedServer server =
                SimulatedServer.llamacpp("cpp").model("acme/m").slots(4).start()) {
            JsonNode list = Http.json(http.get(server, "/v1/models"));

            assertThat(list.at("/data/0/owned_by").asString()).isEqualTo("llamacpp");
            assertThat(list.at("/models/0/name").asString()).isEqualTo("acme/m");
            assertThat(Http.json(http.get(server, "/props")).get("total_slots").asInt())
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void everyKindAnswersItsHealthPath(ServerKind kind) throws Exception {
        Map<ServerKind, String> paths = Map.of(
                ServerKind.OLLAMA, "/",
                ServerKind.LM_STUDIO, "/v1/models",
                ServerKind.LEMONADE, "/api/v1/health",
                ServerKind.DOCKER_MODEL_RUNNER, "/engines/v1/models");
        try (SimulatedServer server =
                SimulatedServer.of(kind, "any").model("acme/m").start()) {
            assertThat(http.get(server, paths.getOrDefault(kind, "/health")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void pathsCanBeLeftOut() throws Exception {
        try (SimulatedServer server =
                SimulatedServer.ollama("old").model("m").without("/v1/messages").start()) {
            assertThat(http.post(server, "/v1/messages", "{\"model\":\"m\"}").statusCode())
                    .isEqualTo(404);
        }
    }
}
