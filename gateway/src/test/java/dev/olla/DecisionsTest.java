package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Where requests went and why: remembered afterwards, told beforehand.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionsTest {

    private static final String CHAT = "/olla/proxy/v1/chat/completions";

    private final SimulatedServer a =
            SimulatedServer.vllm("a").model("m").model("only-a").start();
    private final SimulatedServer b = SimulatedServer.vllm("b").model("m").start();
    private final SimulatedServer o =
            SimulatedServer.ollama("o").model("llama3.2:latest").start();
    private final SimulatedServer dead = SimulatedServer.vllm("dead").model("m").start();
    private final String servers = TestGateway.endpoints(a, b, o, dead) + "proxy: {load_balancer: round-robin}\n";
    private final TestGateway gateway = TestGateway.of(servers + "model_aliases: {fast: [only-a]}\n");

    @BeforeAll
    void takeOneDown() {
        gateway.get("/olla/models");
        dead.stop();
        FaultStatus.await(gateway, "dead", "offline");
    }

    @AfterEach
    void clear() {
        a.clearFault();
        b.clearFault();
    }

    @AfterAll
    void close() {
        gateway.close();
        a.close();
        b.close();
        o.close();
        dead.close();
    }

    @Test
    void aRecordTellsWhoWonAndWhyTheOthersLost() {
        HttpResponse<String> answer = post("m", "r-1");
        String winner = answer.headers().firstValue("X-Olla-Endpoint").orElseThrow();
        String loser = winner.equals("a") ? "b" : "a";
        JsonNode record = record("r-1");
        assertThat(record.get("id").asString()).isEqualTo("r-1");
        assertThat(record.get("at").asString()).matches("20\\d\\d-.*T.*Z");
        assertThat(record.get("model").asString()).isEqualTo("m");
        assertThat(record.get("format").asString()).isEqualTo("openai");
        assertThat(record.get("routing").toString())
                .isEqualTo("{\"strategy\":\"strict\",\"decision\":\"routed\",\"reason\":\"model_found\"}");
        assertThat(record.get("queue_ms").isIntegralNumber()).isTrue();
        assertThat(record.get("outcome").asString()).isEqualTo("success");
        assertThat(record.get("endpoint").asString()).isEqualTo(winner);
        assertThat(record.get("tokens").get("output").asLong()).isPositive();
        assertThat(record.get("attempts").size()).isEqualTo(1);
        JsonNode attempt = record.get("attempts").get(0);
        assertThat(attempt.get("endpoint").asString()).isEqualTo(winner);
        assertThat(attempt.get("status").asInt()).isEqualTo(200);
        assertThat(attempt.get("result").asString()).isEqualTo("success");
        assertThat(attempt.get("ms").isIntegralNumber()).isTrue();
        assertThat(reason(record, winner)).isNull();
        assertThat(candidate(record, winner).has("score")).isTrue();
        assertThat(reason(record, loser)).isEqualTo("the balancer chose " + winner);
        assertThat(reason(record, "o")).isEqualTo("does not hold the model");
        assertThat(reason(record, "dead")).isEqualTo("is offline");
        assertThat(candidate(record, "dead").get("status").asString()).isEqualTo("offline");
    }

    @Test
    void aRecordTellsWhatWasTriedBefore() {
        a.fault(Fault.closeBeforeAnswer());
        List<String> ids = List.of("t-1", "t-2");
        ids.forEach(id -> post("m", id)); // one of two in turn goes to a first
        JsonNode record = ids.stream()
                .map(this::record)
                .filter(found -> found.get("attempts").size() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(record.get("attempts").get(0).get("endpoint").asString()).isEqualTo("a");
        assertThat(record.get("attempts").get(0).get("status").asInt()).isZero();
        assertThat(record.get("attempts").get(0).get("result").asString()).isEqualTo("closed");
        assertThat(record.get("attempts").get(1).get("result").asString()).isEqualTo("success");
        assertThat(reason(record, "a")).isEqualTo("was tried before: closed");
    }

    @Test
    void aRouteAndAPathThatLeaveServersOutAreNamed() {
        gateway.post("/olla/ollama/api/chat", "{\"model\":\"llama3.2\",\"stream\":false}", "X-Request-ID", "p-1");
        JsonNode record = record("p-1");
        assertThat(record.get("format").asString()).isEqualTo("ollama");
        assertThat(reason(record, "a")).isEqualTo("is no ollama server, which the route /olla/ollama wants");
        gateway.post("/olla/proxy/api/chat", "{\"model\":\"m\"}", "X-Request-ID", "p-2");
        assertThat(reason(record("p-2"), "a")).isEqualTo("its kind (vllm) is not known to serve the path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/olla/proxy/v1/chat/completions | {'model':'nobody'} | rejected",
                "/olla/proxy/v1/chat/completions | nonsense           | rejected",
                "/olla/ollama/api/pull           | {'model':'m'}      | rejected",
                "/olla/proxy/v1/chat/completions | {'model':'fast'}   | success",
            })
    void everyRequestIsRemembered(String path, String body, String outcome) {
        gateway.post(path, body.replace('\'', '"'), "X-Request-ID", "every");
        JsonNode record = record("every");
        assertThat(record.get("outcome").asString()).isEqualTo(outcome);
        if (outcome.equals("rejected")) {
            assertThat(record.has("endpoint")).isFalse();
            assertThat(record.get("attempts").isEmpty()).isTrue();
        }
    }

    @Test
    void theListIsYoungestFirstAndCanBeNarrowed() {
        post("only-a", "l-1");
        post("nobody", "l-2");
        post("only-a", "l-3");
        assertThat(ids("?limit=3")).containsExactly("l-3", "l-2", "l-1");
        assertThat(ids("?limit=1&model=only-a")).containsExactly("l-3");
        assertThat(ids("?limit=2&model=ONLY-A")).containsExactly("l-3", "l-1");
        assertThat(ids("?limit=1&outcome=rejected")).containsExactly("l-2");
        assertThat(ids("?limit=2&endpoint=a")).containsExactly("l-3", "l-1");
        assertThat(ids("?endpoint=nobody")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "99999999999"})
    void aLimitThatIsNoneIsRefused(String limit) {
        assertThat(gateway.get("/internal/requests?limit=" + limit).statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatIsNotRememberedIs404() {
        assertThat(gateway.get("/internal/requests/never").statusCode()).isEqualTo(404);
    }

    @Test
    void noPromptAnswerOrCredentialIsInARecord() {
        gateway.post(
                CHAT + "?key=s3cret-query",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"s3cret-prompt\"}],\"x\":\"s3cret\"}",
                "X-Request-ID",
                "secret",
                "Authorization",
                "Bearer s3cret-token",
                "X-Olla-Session-ID",
                "s3cret-session");
        String record = gateway.get("/internal/requests/secret").body();
        assertThat(record).contains("\"outcome\":\"success\"").doesNotContain("s3cret");
    }

    @Test
    void explainingSendsNothingAndTakesNoTurn() {
        long before = a.requests("/v1/chat/completions") + b.requests("/v1/chat/completions");
        JsonNode first = explain("", "m");
        JsonNode second = explain("", "m");
        assertThat(first.get("attempts").isEmpty()).isTrue();
        assertThat(first.has("outcome")).isFalse();
        assertThat(first.get("endpoint").asString())
                .isEqualTo(second.get("endpoint").asString());
        assertThat(reason(first, "dead")).isEqualTo("is offline");
        assertThat(a.requests("/v1/chat/completions") + b.requests("/v1/chat/completions"))
                .isEqualTo(before);
        String next = post("m", "e-1").headers().firstValue("X-Olla-Endpoint").orElseThrow();
        assertThat(first.get("endpoint").asString()).isEqualTo(next);
    }

    @Test
    void explainingFollowsThePathThatIsAsked() {
        JsonNode there = explain("?path=/olla/vllm/v1/completions", "fast");
        assertThat(there.get("endpoint").asString()).isEqualTo("a");
        assertThat(there.get("routing").get("strategy").asString()).isEqualTo("alias");
        JsonNode rejected = explain("?path=/olla/ollama/v1/chat/completions", "m");
        assertThat(rejected.has("endpoint")).isFalse();
        assertThat(rejected.get("routing").get("reason").asString()).isEqualTo("model_unavailable");
        assertThat(gateway.post("/internal/explain?path=/nowhere", "{}").statusCode())
                .isEqualTo(404);
        assertThat(gateway.get("/internal/explain").statusCode()).isEqualTo(405);
    }

    @Test
    void explainingTellsOfTheSessionWithoutTouchingIt() {
        String sticky = servers.replace("round-robin}", "round-robin, sticky_sessions: {enabled: true}}");
        try (TestGateway keeping = TestGateway.of(sticky)) {
            keeping.get("/olla/models");
            String body = body("m");
            String home = keeping.post(CHAT, body)
                    .headers()
                    .firstValue("X-Olla-Endpoint")
                    .orElseThrow();
            JsonNode before = keeping.json("/internal/stats/sticky");
            for (int i = 0; i < 3; i++) {
                JsonNode told = TestGateway.JSON.readTree(
                        keeping.post("/internal/explain", body).body());
                assertThat(told.get("endpoint").asString()).isEqualTo(home);
                assertThat(reason(told, home.equals("a") ? "b" : "a")).isEqualTo("the session is pinned to " + home);
            }
            assertThat(keeping.json("/internal/stats/sticky")).isEqualTo(before);
        }
    }

    @Test
    void theGateGuardsRecordsAndExplanations() {
        String gated =
                servers + "dashboard: {gate_internal_api: true, access_policy: {allowed_cidrs: [10.9.9.9/32]}}\n";
        try (TestGateway closed = TestGateway.of(gated)) {
            for (String path : List.of("/internal/requests", "/internal/requests/x", "/internal/metrics")) {
                assertThat(closed.get(path).statusCode()).as(path).isEqualTo(403);
            }
            assertThat(closed.post("/internal/explain", "{}").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void onlySoManyAreRemembered() {
        try (TestGateway small = TestGateway.of(servers + "telemetry: {decisions: {max_entries: 2}}\n")) {
            for (String id : List.of("s-1", "s-2", "s-3")) {
                small.post(CHAT, body("nobody"), "X-Request-ID", id);
            }
            assertThat(small.json("/internal/requests").get("count").asInt()).isEqualTo(2);
            assertThat(small.get("/internal/requests/s-1").statusCode()).isEqualTo(404);
            small.reload(servers + "telemetry: {decisions: {max_entries: 1}}\n");
            assertThat(small.get("/internal/requests/s-3").statusCode()).isEqualTo(200);
            assertThat(small.get("/internal/requests/s-2").statusCode()).isEqualTo(404);
            small.reload(servers + "telemetry: {decisions: {max_entries: 0}}\n");
            small.post(CHAT, body("nobody"));
            assertThat(small.json("/internal/requests").get("count").asInt()).isZero();
        }
    }

    private HttpResponse<String> post(String model, String id) {
        return gateway.post(CHAT, body(model), "X-Request-ID", id);
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private JsonNode record(String id) {
        Eventually.await(
                "the record is there",
                () -> gateway.get("/internal/requests/" + id).statusCode() == 200);
        return gateway.json("/internal/requests/" + id);
    }

    private JsonNode explain(String query, String model) {
        return TestGateway.JSON.readTree(
                gateway.post("/internal/explain" + query, body(model)).body());
    }

    private List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        for (JsonNode record : gateway.json("/internal/requests" + query).get("requests")) {
            ids.add(record.get("id").asString());
        }
        return ids;
    }

    private static @Nullable String reason(JsonNode record, String endpoint) {
        JsonNode reason = candidate(record, endpoint).get("reason");
        return reason == null ? null : reason.asString();
    }

    private static JsonNode candidate(JsonNode record, String endpoint) {
        for (JsonNode candidate : record.get("candidates")) {
            if (candidate.get("name").asString().equals(endpoint)) {
                return candidate;
            }
        }
        throw new AssertionError(endpoint + " is no candidate of " + record);
    }
}
