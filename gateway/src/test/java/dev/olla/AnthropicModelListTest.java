package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The models of the fleet as clients of Anthropic's API see them.
class AnthropicModelListTest {

    private static final String LIST = "/olla/anthropic/v1/models";

    /// Two names of one model on one server, as an Ollama has them.
    private static final SimulatedServer A = SimulatedServer.ollama("a")
            .model("qwen3:8b", 5, "sha256:1")
            .model("copy:latest", 5, "sha256:1")
            .start();

    private static final SimulatedServer B =
            SimulatedServer.vllm("b").model("org/big-model").model("qwen3:8b").start();
    private static final TestGateway GATEWAY = TestGateway.of("""
            model_aliases:
              claude-local: [qwen3:8b]
              of-nobody: [missing]
            """ + TestGateway.endpoints(A, B));

    @AfterAll
    static void close() {
        GATEWAY.close();
        A.close();
        B.close();
    }

    private static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.path("data").forEach(item -> ids.add(item.path("id").asString()));
        return ids;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/olla/anthropic/v1/models", "/olla/anthropic/models"})
    void everyNameIsListedOnceAndSorted(String path) {
        JsonNode list = GATEWAY.json(path);
        assertThat(ids(list)).containsExactly("claude-local", "copy:latest", "org/big-model", "qwen3:8b");
        assertThat(list.path("has_more").asBoolean(true)).isFalse();
        assertThat(list.path("first_id").asString()).isEqualTo("claude-local");
        assertThat(list.path("last_id").asString()).isEqualTo("qwen3:8b");
        for (JsonNode item : list.path("data")) {
            assertThat(item.propertyNames()).containsExactly("type", "id", "display_name", "created_at");
            assertThat(item.path("type").asString()).isEqualTo("model");
            assertThat(item.path("display_name")).isEqualTo(item.path("id"));
            assertThat(Instant.parse(item.path("created_at").asString())).isBeforeOrEqualTo(Instant.now());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=2                      | claude-local,copy:latest               | true",
                "limit=4                      | claude-local,copy:latest,org/big-model,qwen3:8b | false",
                "limit=1000                   | claude-local,copy:latest,org/big-model,qwen3:8b | false",
                "limit=1&after_id=claude-local| copy:latest                            | true",
                "after_id=copy%3Alatest       | org/big-model,qwen3:8b                 | false",
                "after_id=gone                | org/big-model,qwen3:8b                 | false",
                "after_id=zzz                 | ''                                     | false",
                "limit=2&before_id=qwen3:8b   | copy:latest,org/big-model              | true",
                "limit=3&before_id=qwen3:8b   | claude-local,copy:latest,org/big-model | false",
                "before_id=claude-local       | ''                                     | false",
            })
    void pagesGoBothWays(String query, String ids, boolean more) {
        JsonNode page = GATEWAY.json(LIST + '?' + query.strip());
        List<String> expected = ids.isEmpty() ? List.of() : List.of(ids.split(","));
        assertThat(ids(page)).isEqualTo(expected);
        assertThat(page.path("has_more").asBoolean()).isEqualTo(more);
        assertThat(page.path("first_id").isNull()).isEqualTo(expected.isEmpty());
        if (!expected.isEmpty()) {
            assertThat(page.path("first_id").asString()).isEqualTo(expected.getFirst());
            assertThat(page.path("last_id").asString()).isEqualTo(expected.getLast());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=-1", "limit=1001", "limit=x", "before_id=a&after_id=b"})
    void aPageThatMakesNoSenseIsRefused(String query) {
        HttpResponse<String> answer = GATEWAY.get(LIST + '?' + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(TestGateway.JSON.readTree(answer.body()).at("/error/type").asString())
                .isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-local,    claude-local",
        "qwen3:8b,        qwen3:8b",
        "qwen3%3A8b,      qwen3:8b",
        "QWEN3:8B,        qwen3:8b",
        "copy,            copy:latest",
        "org/big-model,   org/big-model",
        "org%2Fbig-model, org/big-model",
    })
    void oneModelIsFoundAsARequestFindsIt(String asked, String id) {
        HttpResponse<String> answer = GATEWAY.get(LIST + '/' + asked);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode model = TestGateway.JSON.readTree(answer.body());
        assertThat(model.path("id").asString()).isEqualTo(id);
        assertThat(model.path("type").asString()).isEqualTo("model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "of-nobody", "", "%zz"})
    void whatNobodyHoldsIsNotFound(String asked) throws Exception {
        try (var client = GATEWAY.raw()) {
            client.send("GET " + LIST + '/' + asked + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(TestGateway.JSON
                            .readTree(answer.body())
                            .at("/error/type")
                            .asString())
                    .isEqualTo("not_found_error");
        }
    }

    @Test
    void anEmptyFleetHasAnEmptyList() {
        try (SimulatedServer bare = SimulatedServer.ollama("bare").start();
                TestGateway gateway = TestGateway.before(bare)) {
            assertThat(gateway.get(LIST).body())
                    .isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
        }
    }

    @Test
    void whatIsDownIsNotListed() {
        try (SimulatedServer c = SimulatedServer.vllm("c").model("only-c").start();
                TestGateway gateway = TestGateway.before(c)) {
            assertThat(ids(gateway.json(LIST))).containsExactly("only-c");
            c.stop();
            Eventually.await(
                    "its model leaves the list", () -> ids(gateway.json(LIST)).isEmpty());
        }
    }
}
