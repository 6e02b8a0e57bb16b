package dev.olla;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Responses that are made here by translation, by their names afterwards.
final class StoredResponsesTest {

    private static final String PATH = "/olla/openai/v1/responses";

    private final SimulatedServer server =
            SimulatedServer.openai("box").model("m").start();
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.before(server);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private HttpResponse<String> ask(String method, String id) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri(PATH + "/" + id))
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private JsonNode create(String more) {
        return TestGateway.JSON.readTree(gateway.post(PATH, "{\"model\":\"m\",\"input\":\"first\"" + more + "}")
                .body());
    }

    @Test
    void aResponseIsReadAndDeletedByItsName() {
        JsonNode made = create("");
        String id = made.path("id").asString();
        assertThat(id).startsWith("resp_");
        assertThat(TestGateway.JSON.readTree(ask("GET", id).body())).isEqualTo(made);
        assertThat(ask("PUT", id).statusCode()).isEqualTo(405);
        JsonNode deleted = TestGateway.JSON.readTree(ask("DELETE", id).body());
        assertThat(deleted.path("deleted").asBoolean()).isTrue();
        assertThat(ask("GET", id).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resp_unknown", "resp_%zz", "x%2Fy", "resp_unknown/input_items"})
    void anUnknownOneIs404InOpenAisEnvelope(String id) {
        HttpResponse<String> answer = ask("GET", id.replace("%zz", "%25zz"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(TestGateway.JSON.readTree(answer.body()).at("/error/message").asString())
                .contains("not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"input\":\"hi\"}"})
    void whatNamesNoModelIsTheServersToJudge(String body) {
        assertThat(gateway.post(PATH, body).statusCode()).isEqualTo(404);
        assertThat(gateway.get(PATH).statusCode()).isEqualTo(404);
        assertThat(server.requests("/v1/responses")).isEqualTo(2);
    }

    @Test
    void aResponseThatIsNotToBeStoredIsNot() {
        String id = create(",\"store\":false").path("id").asString();
        assertThat(ask("GET", id).statusCode()).isEqualTo(404);
    }

    @Test
    void aStreamedResponseIsStoredToo() {
        String stream = gateway.post(PATH, "{\"model\":\"m\",\"input\":\"first\",\"stream\":true}")
                .body();
        String id = stream.replaceAll("(?s).*?\"id\":\"(resp_\\w+)\".*", "$1");
        assertThat(ask("GET", id).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestGoesOnFromAnEarlierResponse() {
        String id = create("").path("id").asString();
        HttpResponse<String> next =
                gateway.post(PATH, "{\"model\":\"m\",\"input\":\"second\",\"previous_response_id\":\"" + id + "\"}");
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(next.headers().firstValue("X-Olla-Mode")).hasValue("translation");
        JsonNode sent = TestGateway.JSON.readTree(
                new String(server.lastTo("/v1/chat/completions").body(), UTF_8));
        assertThat(sent.path("messages").size()).isEqualTo(3);
        assertThat(sent.at("/messages/0/content").asString()).isEqualTo("first");
        assertThat(sent.at("/messages/1/role").asString()).isEqualTo("assistant");
        assertThat(sent.at("/messages/2/content").asString()).isEqualTo("second");
    }
}
