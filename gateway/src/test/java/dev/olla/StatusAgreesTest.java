package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedModel;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the status pages tell and where requests go are the same thing.
class StatusAgreesTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";

    private final SimulatedServer changing =
            SimulatedServer.vllm("changing").model("m").start();
    private final SimulatedServer steady =
            SimulatedServer.vllm("steady").model("m").start();

    @AfterEach
    void close() {
        changing.close();
        steady.close();
    }

    /// A fault, and what probes make of it.
    record Trouble(Fault fault, String status) {}

    static Stream<Trouble> troubles() {
        return Stream.of(
                new Trouble(Fault.refuse(), "offline"),
                new Trouble(Fault.reset(), "offline"),
                new Trouble(Fault.closeBeforeAnswer(), "offline"),
                new Trouble(Fault.hang(), "offline"),
                new Trouble(Fault.failHealthOnly(), "unhealthy"),
                new Trouble(Fault.status(500), "unhealthy"),
                new Trouble(Fault.status(404), "unhealthy"),
                new Trouble(Fault.status(401), "config_error"),
                new Trouble(Fault.status(403), "config_error"),
                new Trouble(Fault.status(429, "1"), "rate_limited"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aServerThatIsDownGetsNoRequestAndOneThatIsBackDoes(Trouble trouble) {
        try (TestGateway gateway = TestGateway.watching(FaultEndpoints.config(
                "load_balancer: priority, slow_start: 0s",
                FaultEndpoints.endpoint("changing", changing.uri().toString(), "vllm", 200),
                FaultEndpoints.endpoint("steady", steady.uri().toString(), "vllm", 100)))) {
            FaultStatus.await(gateway, "changing", "healthy");
            assertServes(gateway, "changing");
            changing.fault(trouble.fault());
            FaultStatus.await(gateway, "changing", trouble.status());
            assertThat(gateway.json("/internal/status")
                            .at("/system/endpoints_up")
                            .asString())
                    .isEqualTo("1/2");
            assertThat(gateway.json("/internal/status/endpoints")
                            .get("routable_count")
                            .asInt())
                    .isEqualTo(1);
            assertServes(gateway, "steady");
            changing.clearFault();
            FaultStatus.await(gateway, "changing", "healthy");
            assertServes(gateway, "changing");
        }
    }

    @Test
    void aServerThatLiveRequestsEjectIsShownSo() {
        try (FaultServer broken = FaultServer.start(
                        "broken", FaultServer.answering(FaultServer.answer(500, "application/json", "{}")));
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority",
                        FaultEndpoints.endpoint("broken", broken.url(), "vllm", 200),
                        FaultEndpoints.endpoint("steady", steady.uri().toString(), "vllm", 100)))) {
            FaultStatus.await(gateway, "broken", "healthy");
            for (int i = 0; i < 5; i++) {
                assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(500);
            }
            assertThat(FaultStatus.of(gateway, "broken")).isEqualTo("ejected");
            assertThat(gateway.json("/internal/status")
                            .at("/system/endpoints_up")
                            .asString())
                    .isEqualTo("1/2");
            assertServes(gateway, "steady");
            assertThat(broken.requests()).isEqualTo(5);
        }
    }

    @Test
    void aServerThatALiveRequestLosesIsOfflineAtOnce() {
        try (TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                "",
                FaultEndpoints.probedElsewhere(
                        "gone",
                        "http://127.0.0.1:" + FaultListener.closedPort(),
                        "vllm",
                        100,
                        steady.uri().toString())))) {
            FaultStatus.await(gateway, "gone", "healthy");
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(502);
            HttpResponse<String> next = gateway.post(PATH, CHAT);
            assertThat(next.statusCode()).isIn(502, 503); // 502 when a probe, which is good, came in between
        }
    }

    @Test
    void aModelThatIsGoneFromTheListIsForgotten() {
        changing.addModel(SimulatedModel.of("Fleeting"));
        try (TestGateway gateway = TestGateway.of(TestGateway.endpoints(changing, steady)
                .replace("discovery:\n", "discovery:\n  model_discovery: {interval: 300ms}\n"))) {
            String fleeting = CHAT.replace("\"m\"", "\"fleeting\"");
            assertThat(gateway.post(PATH, fleeting).statusCode()).isEqualTo(200);
            changing.removeModel("Fleeting");
            // The server itself would say 404, too; the gateway's own names no endpoint.
            Eventually.await("it is unknown", () -> {
                HttpResponse<String> answer = gateway.post(PATH, fleeting);
                return answer.statusCode() == 404
                        && answer.headers().firstValue("X-Olla-Endpoint").isEmpty();
            });
            assertThat(gateway.get("/olla/proxy/v1/models").body()).doesNotContainIgnoringCase("fleeting");
            assertThat(gateway.get("/olla/models").body()).doesNotContainIgnoringCase("fleeting");
            changing.addModel(SimulatedModel.of("Fleeting"));
            Eventually.await(
                    "it is known again", () -> gateway.post(PATH, fleeting).statusCode() == 200);
        }
    }

    @Test
    void modelsOfAServerThatIsDownStayKnown() {
        changing.addModel(SimulatedModel.of("only-there"));
        try (TestGateway gateway = TestGateway.watching(changing, steady)) {
            FaultStatus.await(gateway, "changing", "healthy");
            changing.stop();
            FaultStatus.await(gateway, "changing", "offline");
            HttpResponse<String> answer = gateway.post(PATH, CHAT.replace("\"m\"", "\"only-there\""));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("model_unavailable");
        }
    }

    @Test
    void aNameOnSeveralServersIsListedOnce() {
        try (TestGateway gateway = TestGateway.before(changing, steady)) {
            assertThat(ids(gateway.json("/olla/proxy/v1/models"))).containsExactly("m");
            assertThat(ids(gateway.json("/olla/vllm/v1/models"))).containsExactly("m");
            assertThat(ids(gateway.json("/olla/models"))).hasSize(1);
        }
    }

    private static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        for (JsonNode model : list.get("data")) {
            ids.add(model.get("id").asString());
        }
        return ids;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/olla/ollama/api/chat",
                "/olla/ollama/api/generate",
                "/olla/ollama/api/show",
                "/olla/ollama/api/embed",
                "/olla/ollama/v1/chat/completions",
                "/olla/ollama/v1/completions",
                "/olla/ollama/v1/embeddings",
                "/olla/openai/v1/chat/completions",
                "/olla/openai-compatible/v1/chat/completions",
                "/olla/proxy/v1/chat/completions",
                "/olla/proxy/api/chat"
            })
    void latestIsImpliedOnEveryRoute(String path) {
        try (SimulatedServer ollama = SimulatedServer.ollama("box")
                        .model("llama3.2:latest")
                        .model("Tagged:8B")
                        .start();
                TestGateway gateway = TestGateway.before(steady, ollama)) {
            for (String name : List.of("llama3.2", "llama3.2:latest", "LLAMA3.2", "tagged:8b", "Tagged:8B")) {
                HttpResponse<String> answer = gateway.post(
                        path, "{\"model\":\"" + name + "\",\"messages\":[],\"prompt\":\"x\",\"input\":\"x\"}");
                assertThat(answer.statusCode()).as(name + ": " + answer.body()).isEqualTo(200);
                assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("box");
                assertThat(answer.headers().firstValue("X-Olla-Model"))
                        .hasValue(name.toLowerCase(java.util.Locale.ROOT));
            }
            assertThat(gateway.post(path, "{\"model\":\"llama3.2:1b\"}").statusCode())
                    .isEqualTo(404);
            assertThat(gateway.post(path, "{\"model\":\"tagged\"}").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void countersAddUpAfterAMixedRun() throws Exception {
        try (FaultServer moody = FaultServer.start("moody", (connection, request) -> {
                    String body = new String(request.body(), java.nio.charset.StandardCharsets.UTF_8);
                    switch (body.substring(body.indexOf("act:") + 4, body.indexOf(";"))) {
                        case "fine" -> connection.write(FaultServer.answer(200, "application/json", "{}"));
                        case "mistake" -> connection.write(FaultServer.answer(400, "application/json", "{}"));
                        case "error" -> connection.write(FaultServer.answer(500, "application/json", "{}"));
                        case "cut" -> {
                            connection.write(FaultServer.streamHead("text/event-stream"));
                            connection.writeChunk("data: x\n\n");
                        }
                        default -> connection.awaitClose();
                    }
                });
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "response_timeout: 1s", FaultEndpoints.endpoint("moody", moody.url(), "vllm", 100)))) {
            int rounds = 4;
            for (int i = 0; i < rounds; i++) {
                assertThat(act(gateway, "fine")).isEqualTo(200);
                assertThat(act(gateway, "mistake")).isEqualTo(400);
                assertThat(act(gateway, "error")).isEqualTo(500);
                cut(gateway);
                leave(gateway, moody);
                assertThat(gateway.post(PATH, CHAT.replace("\"m\"", "\"unknown\""))
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(act(gateway, "silence")).isEqualTo(504);
            FaultStatus.awaitIdle(gateway, "moody");
            Eventually.await(
                    "every leaver is counted",
                    () -> gateway.json("/internal/status")
                                    .at("/system/requests_client_left")
                                    .asInt()
                            == rounds);
            JsonNode system = gateway.json("/internal/status").get("system");
            int requests = rounds * 5 + 1; // one that was rejected is none
            int failures = rounds * 2 + 1;
            assertThat(system.get("total_requests").asInt()).isEqualTo(requests);
            assertThat(system.get("total_failures").asInt()).isEqualTo(failures);
            assertThat(system.get("active_connections").asInt()).isZero();
            JsonNode endpoint = FaultStatus.endpoint(gateway, "moody");
            assertThat(endpoint.get("request_count").asInt()).isEqualTo(requests);
            assertThat(endpoint.get("requests_client_left").asInt()).isEqualTo(rounds);
            // Leavers count in neither part of the rate: 8 of 17.
            assertThat(endpoint.get("success_rate").asString()).startsWith("47.");
            assertThat(system.get("success_rate").asString()).startsWith("47.");
        }
    }

    private static int act(TestGateway gateway, String what) {
        return gateway.post(PATH, "{\"model\":\"m\",\"x\":\"act:" + what + ";\"}")
                .statusCode();
    }

    private static void cut(TestGateway gateway) throws java.io.IOException {
        try (RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{\"model\":\"m\",\"x\":\"act:cut;\"}");
            assertThat(client.readResponse().complete()).isFalse();
        }
    }

    private static void leave(TestGateway gateway, FaultServer server) throws java.io.IOException {
        int before = server.requests();
        try (RawClient client = RawClient.connect(gateway.port(), Duration.ofSeconds(10))) {
            client.send("POST", PATH, "", "{\"model\":\"m\",\"x\":\"act:leave;\",\"stream\":true}");
            Eventually.await("it has arrived", () -> server.requests() == before + 1);
            client.reset();
        }
    }

    private static void assertServes(TestGateway gateway, String endpoint) {
        HttpResponse<String> answer = gateway.post(PATH, CHAT);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue(endpoint);
    }
}
