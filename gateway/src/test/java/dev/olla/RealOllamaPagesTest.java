package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The lists and pages of real Ollamas, seen through the gateway.
@RealOllama
class RealOllamaPagesTest {

    private static final List<String> ENDPOINTS = List.of(RealOllamaFleet.A, RealOllamaFleet.B);

    private static RealOllamaFleet fleet;

    @BeforeAll
    static void start() {
        fleet = new RealOllamaFleet();
    }

    @AfterAll
    static void close() {
        fleet.close();
    }

    @Test
    void theFirstPageIsOllamas() {
        for (String family : RealOllamaFleet.FAMILIES) {
            for (String method : List.of("GET", "HEAD")) {
                fleet.assertSameAsDirect(RealOllamaFleet.BOTH, family, method, "/", null);
            }
        }
    }

    @Test
    void tagsShowsEveryModelAsItsServerDoesUnderEveryFamily() {
        for (String family : RealOllamaFleet.FAMILIES) {
            List<JsonNode> merged = entries(fleet.ask("GET", family + "/api/tags", null), "models");
            assertThat(merged)
                    .extracting(RealOllamaPagesTest::name)
                    .containsExactly(
                            "llama3.2:latest", "mistral:7b", "nomic-embed-text:latest", RealOllamaFleet.ONLY_B);
            for (String endpoint : ENDPOINTS) {
                for (JsonNode entry : entries(fleet.askDirectly(endpoint, "GET", "/api/tags", null), "models")) {
                    boolean shared = name(entry).startsWith(RealOllamaFleet.SHARED + ":");
                    if (!shared || endpoint.equals(RealOllamaFleet.A)) {
                        assertThat(merged).contains(entry);
                    }
                }
            }
        }
    }

    @Test
    void theOpenAiListShowsEveryModelUnderEveryFamily() {
        for (String family : RealOllamaFleet.FAMILIES) {
            HttpResponse<String> answer = fleet.ask("GET", family + "/v1/models", null);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            List<JsonNode> merged = entries(answer, "data");
            assertThat(merged).hasSize(4);
            for (String endpoint : ENDPOINTS) {
                for (JsonNode entry : entries(fleet.askDirectly(endpoint, "GET", "/v1/models", null), "data")) {
                    boolean shared = entry.path("id").asString().startsWith(RealOllamaFleet.SHARED + ":");
                    if (!shared || endpoint.equals(RealOllamaFleet.A)) {
                        assertThat(merged).contains(((ObjectNode) entry).put("owned_by", "olla"));
                    }
                }
            }
        }
    }

    @Test
    void listsAnswerHeadRequests() {
        for (String path : List.of("/api/tags", "/v1/models")) {
            HttpResponse<String> answer = fleet.ask("HEAD", "/olla/ollama" + path, null);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void showKnowsAModelByBothSpellingsOfTheKey() {
        for (String family : RealOllamaFleet.FAMILIES) {
            for (String key : List.of("model", "name")) {
                show(RealOllamaFleet.BOTH, family, key, "llama3.2", "");
                show(RealOllamaFleet.BOTH, family, key, "llama3.2:latest", ",\"verbose\":true");
                show(Set.of(RealOllamaFleet.A), family, key, RealOllamaFleet.ONLY_A, "");
                show(Set.of(RealOllamaFleet.B), family, key, RealOllamaFleet.ONLY_B, "");
            }
        }
    }

    private static void show(Set<String> holders, String family, String key, String model, String more) {
        String body = "{\"" + key + "\":\"" + model + "\"" + more + "}";
        fleet.assertSameAsDirect(holders, family, "POST", "/api/show", body);
    }

    @Test
    void showOfAnUnknownModelIs404InOllamasWords() {
        for (String family : RealOllamaFleet.FAMILIES) {
            for (String body : List.of("{\"model\":\"nobody\"}", "{\"name\":\"no/body:7b\"}")) {
                HttpResponse<String> answer = fleet.ask("POST", family + "/api/show", body);
                HttpResponse<String> direct = fleet.askDirectly(RealOllamaFleet.A, "POST", "/api/show", body);
                assertThat(answer.statusCode()).isEqualTo(404).isEqualTo(direct.statusCode());
                assertThat(answer.body()).isEqualTo(direct.body());
            }
        }
    }

    @Test
    void showWithoutAModelIsTheServersToJudge() {
        for (String family : RealOllamaFleet.FAMILIES) {
            fleet.assertSameAsDirect(RealOllamaFleet.BOTH, family, "POST", "/api/show", "{}");
            fleet.assertSameAsDirect(RealOllamaFleet.BOTH, family, "POST", "/api/show", "oops");
        }
    }

    @Test
    void versionIsThatOfAServer() {
        Set<String> versions = new TreeSet<>();
        ENDPOINTS.forEach(endpoint -> versions.add(
                fleet.askDirectly(endpoint, "GET", "/api/version", null).body()));
        for (String family : RealOllamaFleet.FAMILIES) {
            HttpResponse<String> answer = fleet.ask("GET", family + "/api/version", null);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(versions).contains(answer.body());
        }
    }

    @Test
    void psShowsWhatServersHaveLoaded() {
        Set<JsonNode> loaded = new HashSet<>();
        for (String endpoint : ENDPOINTS) {
            fleet.askDirectly(endpoint, "POST", "/api/generate", "{\"model\":\"llama3.2\",\"keep_alive\":\"10m\"}");
            loaded.addAll(running(fleet.askDirectly(endpoint, "GET", "/api/ps", null)));
        }
        assertThat(loaded).isNotEmpty();
        for (String family : RealOllamaFleet.FAMILIES) {
            List<JsonNode> shown = running(fleet.ask("GET", family + "/api/ps", null));
            assertThat(shown).isNotEmpty();
            assertThat(loaded).containsAll(shown);
        }
    }

    /// Without what the gateway may add to tell whose entry it is.
    private static List<JsonNode> running(HttpResponse<String> answer) {
        List<JsonNode> entries = entries(answer, "models");
        entries.forEach(entry -> ((ObjectNode) entry).put("expires_at", "").remove("olla"));
        return entries;
    }

    private static String name(JsonNode entry) {
        return entry.path("name").asString();
    }

    private static List<JsonNode> entries(HttpResponse<String> answer, String key) {
        assertThat(answer.statusCode()).isEqualTo(200);
        List<JsonNode> entries = new ArrayList<>();
        TestGateway.JSON.readTree(answer.body()).path(key).forEach(entries::add);
        return entries;
    }
}
