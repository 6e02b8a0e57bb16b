package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.FinishedRequest;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedModel;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Calls that change the models of Ollamas, once the operator allows them.
class OllamaManagementTest {

    private static final String ALLOWED = "ollama: {management: true}\n";

    private static final String[] BOTH = {"X-Olla-Target", "a, b"};

    private final Queue<FinishedRequest> finished = new ConcurrentLinkedQueue<>();
    private final SimulatedServer a = ollama("a", "one:latest");
    private final SimulatedServer b = ollama("b", "two:latest");
    private final SimulatedServer v = SimulatedServer.vllm("v").model("one").start();
    private final TestGateway gateway = TestGateway.of(ALLOWED + TestGateway.endpoints(a, b, v));

    private SimulatedServer ollama(String name, String model) {
        return SimulatedServer.ollama(name)
                .model(model)
                .tokens(3)
                .onFinished(finished::add)
                .start();
    }

    @AfterEach
    void close() {
        gateway.close();
        List.of(a, b, v).forEach(SimulatedServer::close);
    }

    private HttpResponse<String> ask(String method, String path, String body, String... headers) {
        return ask(gateway, method, path, body, headers);
    }

    private static HttpResponse<String> ask(
            TestGateway gateway, String method, String path, String body, String... headers) {
        var request = java.net.http.HttpRequest.newBuilder(gateway.uri(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return gateway.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static List<String> names(SimulatedServer server) {
        return server.models().stream().map(SimulatedModel::name).toList();
    }

    private static List<JsonNode> lines(String body) {
        List<JsonNode> lines = new ArrayList<>();
        body.lines().forEach(line -> lines.add(TestGateway.JSON.readTree(line)));
        return lines;
    }

    private static JsonNode results(HttpResponse<String> answer) {
        JsonNode last = lines(answer.body()).getLast();
        assertThat(last.get("status").stringValue()).isEqualTo("done");
        return last.get("results");
    }

    @Test
    void theAnswerOfOneTargetComesAsItIs() throws IOException {
        HttpResponse<String> answer = ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", "X-Olla-Target", "b");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("b");
        try (RawClient direct = RawClient.connect(b.port())) {
            direct.send("POST", "/api/pull", "", "{\"model\":\"new\"}");
            assertThat(answer.body()).isEqualTo(direct.readResponse().body());
        }
        assertThat(names(b)).contains("new:latest");
        assertThat(names(a)).doesNotContain("new:latest");
        HttpResponse<String> refused =
                ask("DELETE", "/olla/ollama/api/delete", "{\"model\":\"none\"}", "X-Olla-Target", "b");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).isEqualTo("{\"error\":\"model 'none' not found\"}");
    }

    @Test
    void theTargetIsForTheGatewayOnly() {
        ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", "X-Olla-Target", "b");
        assertThat(b.recorded())
                .filteredOn(request -> request.path().equals("/api/pull"))
                .singleElement()
                .matches(request -> request.header("X-Olla-Target") == null);
    }

    @Test
    void withoutATargetEveryOllamaPullsAndEachLineNamesItsServer() {
        HttpResponse<String> answer = ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        List<JsonNode> lines = lines(answer.body());
        for (String name : List.of("a", "b")) {
            assertThat(lines.subList(0, lines.size() - 1))
                    .filteredOn(line -> line.get("endpoint").stringValue().equals(name))
                    .extracting(line -> line.get("status").stringValue())
                    .containsExactly("pulling manifest", name + " says:", " w1", " w2", "success");
        }
        assertThat(results(answer)).hasToString("{\"a\":{\"status\":200},\"b\":{\"status\":200}}");
        assertThat(names(a)).contains("new:latest");
        assertThat(names(b)).contains("new:latest");
        assertThat(v.requests("/api/pull")).isZero();
    }

    @Test
    void aLineThatTellsOfAnErrorIsThatServersFailure() {
        b.fault(Fault.status(503));
        HttpResponse<String> answer = ask("POST", "/olla/ollama/api/pull", "{\"model\":\"missing\"}", BOTH);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(results(answer).get("a"))
                .hasToString("{\"status\":500,\"error\":\"pull model manifest: file does not exist\"}");
        assertThat(results(answer).get("b").get("status").intValue()).isEqualTo(503);
    }

    @Test
    void withoutAStreamOneObjectTellsWhatEachServerDid() {
        String body = "{\"model\":\"new\",\"stream\":false}";
        HttpResponse<String> all = ask("POST", "/olla/ollama/api/pull", body);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body())
                .isEqualTo("{\"status\":\"done\",\"results\":{\"a\":{\"status\":200},\"b\":{\"status\":200}}}");
        HttpResponse<String> some = ask("DELETE", "/olla/ollama/api/delete", "{\"model\":\"one\"}");
        assertThat(some.statusCode()).isEqualTo(207);
        assertThat(some.body())
                .isEqualTo("{\"status\":\"done\",\"results\":{\"a\":{\"status\":200},"
                        + "\"b\":{\"status\":404,\"error\":\"model 'one' not found\"}}}");
        HttpResponse<String> none = ask("DELETE", "/olla/ollama/api/delete", "{\"model\":\"one\"}");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(results(none)).hasSize(2);
    }

    @Test
    void whatWasChangedIsKnownAtOnce() {
        ask("POST", "/olla/ollama/api/copy", "{\"source\":\"two\",\"destination\":\"copy\"}", "X-Olla-Target", "b");
        Eventually.await("the copy is listed", () -> models().contains("copy:latest"));
        ask("DELETE", "/olla/ollama/api/delete", "{\"model\":\"copy\"}");
        Eventually.await("the copy is gone", () -> !models().contains("copy:latest"));
    }

    private String models() {
        return gateway.get("/olla/ollama/api/tags").body();
    }

    @Test
    void aTargetThatIsUnknownOrNoOllamaIsNamed() {
        HttpResponse<String> unknown =
                ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", "X-Olla-Target", "a, nobody");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("{\"error\":\"X-Olla-Target: there is no endpoint 'nobody'\"}");
        HttpResponse<String> other =
                ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", "X-Olla-Target", "a,v");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("'v' is no Ollama", "vllm");
        assertThat(ask("DELETE", "/olla/ollama/api/delete", "{\"model\":\"one\"}", "X-Olla-Target", " , ")
                        .statusCode())
                .isEqualTo(400);
        assertThat(names(a)).containsExactly("one:latest");
        assertThat(a.requests("/api/pull")).isZero();
    }

    @Test
    void aPushGoesToTheFirstServerThatHasTheModel() {
        HttpResponse<String> answer = ask("POST", "/olla/ollama/api/push", "{\"model\":\"two\"}");
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("b");
        assertThat(answer.body()).endsWith("{\"status\":\"success\"}\n");
        assertThat(a.requests("/api/push")).isZero();
        assertThat(ask("POST", "/olla/ollama/api/push", "{\"model\":\"none\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aServerThatIsDownIsToldAmongTheResults() {
        b.stop();
        HttpResponse<String> answer =
                ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", "X-Olla-Target", "a, b");
        assertThat(results(answer).get("a")).hasToString("{\"status\":200}");
        assertThat(results(answer).get("b").get("status").intValue()).isEqualTo(502);
        assertThat(results(answer).get("b").get("error").stringValue()).contains("b");
        assertThat(names(a)).contains("new:latest");
    }

    @Test
    void aStreamThatBreaksOffIsThatServersFailure() {
        b.fault(Fault.dropAfter(1));
        HttpResponse<String> answer = ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", BOTH);
        assertThat(results(answer).get("a")).hasToString("{\"status\":200}");
        assertThat(results(answer).get("b").get("status").intValue()).isEqualTo(502);
    }

    @Test
    void aServerThatHangsHoldsUpNoLinesAndAClientThatLeavesCancelsAll() throws IOException {
        a.fault(Fault.stallAfter(1));
        b.fault(Fault.hang());
        try (RawClient client = gateway.raw()) {
            client.send("POST", "/olla/ollama/api/pull", "X-Olla-Target: a,b\r\n", "{\"model\":\"new\"}");
            client.readHead();
            assertThat(client.readChunk()).contains("pulling manifest", "\"endpoint\":\"a\"");
            Eventually.await("both are asked", () -> a.requests("/api/pull") == 1 && b.requests("/api/pull") == 1);
        }
        Eventually.await("both calls are closed", () -> left("a") && left("b"));
    }

    private boolean left(String server) {
        return finished.stream()
                .anyMatch(request -> request.server().equals(server)
                        && request.path().equals("/api/pull")
                        && request.outcome() == FinishedRequest.Outcome.CLIENT_CLOSED);
    }

    @Test
    void aSlowClientSlowsEveryServer() throws IOException {
        byte[] line =
                ("{\"status\":\"" + "x".repeat(20_000) + "\"}\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        long[] written = new long[1];
        try (RawServer fast = RawServer.start(connection -> {
                    if (connection.readRequest().head().startsWith("POST")) {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n");
                        for (int i = 0; i < 5_000; i++) {
                            connection.write(line);
                            written[0] += line.length;
                        }
                    } else {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"models\":[]}");
                    }
                });
                TestGateway slow = TestGateway.of(ALLOWED
                        + TestGateway.endpoints(a)
                        + TestGateway.endpoint("fast", fast.uri().toString(), "ollama"));
                RawClient client = slow.raw()) {
            client.send("POST", "/olla/ollama/api/pull", "X-Olla-Target: fast, a\r\n", "{\"model\":\"new\"}");
            long[] seen = new long[2];
            Eventually.await("standstill", () -> {
                seen[1] = written[0] == seen[0] && seen[0] > 0 ? seen[1] + 1 : 0;
                seen[0] = written[0];
                return seen[1] >= 300;
            });
            assertThat(seen[0]).isLessThan(60_000_000);
            assertThat(client.readResponse().body()).contains("\"fast\":{\"status\":200}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /olla/proxy/api/pull",
                "POST /olla/openai/api/pull",
                "POST /olla/vllm/api/pull",
                "GET /olla/ollama/api/pull",
                "POST /olla/ollama/api/delete",
                "POST /olla/ollama/api/%70ull",
                "POST /olla/ollama/api/pull/",
                "POST /olla/ollama/api//pull",
                "POST /olla/ollama/x/../api/pull",
                "POST /olla/ollama/API/pull",
                "GET /olla/ollama/api/blobs/sha256:0a",
                "POST /olla/ollama/api/blobs/sha256:0a/x",
                "POST /olla/ollama/api/blobs/",
                "POST /olla/ollama/api/blobs"
            })
    void everyOtherRouteAndSpellingStaysRefused(String call) throws IOException {
        String[] parts = call.split(" ", 2);
        try (RawClient client = gateway.raw()) {
            client.send(parts[0], parts[1], "", "{\"model\":\"new\"}");
            assertThat(client.readResponse().status()).isEqualTo(501);
        }
        assertThat(names(a)).containsExactly("one:latest");
    }

    @Test
    void theKeyIsTakenOverWhileTheGatewayRuns() {
        gateway.reload(TestGateway.endpoints(a, b, v));
        assertThat(ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}").statusCode())
                .isEqualTo(501);
        gateway.reload(ALLOWED + TestGateway.endpoints(a, b, v));
        assertThat(ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theCallIsCountedAndLoggedAsOneRequest() {
        ask("POST", "/olla/ollama/api/pull", "{\"model\":\"new\"}", "X-Request-ID", "pulled");
        Eventually.await(
                "the record is kept",
                () -> gateway.get("/internal/requests/pulled").statusCode() == 200);
        JsonNode record = gateway.json("/internal/requests/pulled");
        assertThat(record.toString()).contains("\"a\"", "\"b\"", "success");
    }
}
