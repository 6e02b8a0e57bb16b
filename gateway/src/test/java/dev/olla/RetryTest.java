package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Answers that are passed over for those of other servers, and when they are not.
class RetryTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PATH = "/olla/proxy/v1/chat/completions";

    private final SimulatedServer good = SimulatedServer.vllm("good").model("m").start();

    @AfterEach
    void close() {
        good.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503})
    void anotherServerIsAskedAfterAnAnswerThatSaysNotNow(int status) {
        try (FaultServer bad = answering("bad", status, "");
                TestGateway gateway = before("", bad)) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("good");
            assertThat(answer.headers().firstValue("X-Bad")).isEmpty();
            assertThat(answer.body()).contains("good says").doesNotContain("bad");
            assertThat(good.lastTo("/v1/chat/completions").bodyText()).isEqualTo(CHAT);
            assertCounted(gateway, 1, 0);
            JsonNode endpoint = FaultStatus.endpoint(gateway, "bad");
            assertThat(endpoint.get("request_count").asInt()).isEqualTo(1);
            assertThat(endpoint.get("success_rate").asString())
                    .as("only a 5xx is the server's fault")
                    .isEqualTo(status == 429 ? "100%" : "0%");
            FaultStatus.awaitIdle(gateway, "bad");
        }
    }

    @Test
    void aStreamIsBegunElsewhere() throws IOException {
        try (FaultServer bad = answering("bad", 503, "");
                TestGateway gateway = before("", bad);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT.replace("{\"model", "{\"stream\":true,\"model"));
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isTrue();
            assertThat(answer.body()).contains("[DONE]").doesNotContain("bad");
        }
    }

    @Test
    void theOnlyServersAnswerComesAsItIs() {
        try (FaultServer bad = answering("bad", 503, "Retry-After: 7\r\n");
                TestGateway gateway = TestGateway.of(FaultEndpoints.config("", endpoint("bad", bad, 100)))) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("bad says 503");
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(answer.headers().firstValue("X-Bad")).hasValue("yes");
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("bad");
            assertCounted(gateway, 1, 1);
        }
    }

    @Test
    void theLastAnswerComesWhereAllAreBad() {
        try (FaultServer first = answering("first", 503, "");
                FaultServer second = answering("second", 502, "");
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority", endpoint("first", first, 200), endpoint("second", second, 100)))) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).isEqualTo("second says 502");
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("second");
            assertCounted(gateway, 1, 1);
        }
    }

    /// Its body is larger than what is kept in memory meanwhile.
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 1_000_000})
    void theOnlyAnswerComesWhereTheNextServerGivesNone(int length) {
        String body = "x".repeat(length);
        try (FaultServer bad = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.answer(503, "text/plain", body));
                    connection.awaitClose();
                });
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority",
                        endpoint("bad", bad, 200),
                        FaultEndpoints.probedElsewhere(
                                "gone",
                                "http://127.0.0.1:" + FaultListener.closedPort(),
                                "vllm",
                                100,
                                good.uri().toString())))) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("bad");
            assertCounted(gateway, 1, 1);
            FaultStatus.awaitIdle(gateway, "bad");
            FaultStatus.awaitIdle(gateway, "gone");
        }
    }

    @Test
    void aServerWhoseAnswerIsNotWantedIsLeft() {
        try (FaultServer bad = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead("text/plain").replace("200 OK", "503 Busy"));
                    connection.writeChunk("more to come");
                    connection.awaitClose();
                });
                TestGateway gateway = before("", bad)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            Eventually.await("it is left", () -> bad.ended() == 1);
        }
    }

    @Test
    void aClientThatLeavesMeanwhileLeavesBothServers() throws IOException {
        try (FaultServer bad = FaultServer.start("bad", (connection, _) -> {
                    connection.write(FaultServer.streamHead("text/plain").replace("200 OK", "503 Busy"));
                    connection.writeChunk("more to come");
                    connection.awaitClose();
                });
                FaultServer silent = FaultServer.start("silent", FaultServer.silent());
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority", endpoint("bad", bad, 200), endpoint("silent", silent, 100)))) {
            try (RawClient client = gateway.raw()) {
                client.send("POST", PATH, "", CHAT);
                Eventually.await("the second server has it", () -> silent.requests() == 1);
                client.reset();
            }
            Eventually.await("both are left", () -> bad.ended() == 1 && silent.ended() == 1);
            Eventually.await(
                    "it is counted once",
                    () -> gateway.json("/internal/status")
                                    .at("/system/requests_client_left")
                                    .asInt()
                            == 1);
            assertCounted(gateway, 1, 0);
            assertThat(FaultStatus.inFlight(gateway, "bad")).isZero();
            FaultStatus.awaitIdle(gateway, "silent");
        }
    }

    @Test
    void aLargeBodyGoesToTheNextServerWholeThoughTheFirstDidNotReadIt() {
        String large = CHAT.replace("hi", "x".repeat(3_000_000));
        try (RawServer hasty = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                    connection.awaitClose();
                });
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority",
                        FaultEndpoints.probedElsewhere(
                                "hasty",
                                hasty.uri().toString(),
                                "sglang", // asked for no version, so the request is its first
                                200,
                                good.uri().toString()),
                        FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100)))) {
            HttpResponse<String> answer = gateway.post(PATH, large);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(good.lastTo("/v1/chat/completions").bodyText()).isEqualTo(large);
        }
    }

    @Test
    void theNumberOfAttemptsIsLimited() {
        try (FaultServer first = answering("first", 503, "");
                FaultServer second = answering("second", 502, "");
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority, retry: {max_attempts: 2}",
                        endpoint("first", first, 300),
                        endpoint("second", second, 200),
                        FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100)))) {
            assertThat(gateway.post(PATH, CHAT).body()).isEqualTo("second says 502");
            gateway.reload(FaultEndpoints.config(
                    "load_balancer: priority, retry: {max_attempts: 1}",
                    endpoint("first", first, 300),
                    endpoint("second", second, 200),
                    FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100)));
            assertThat(gateway.post(PATH, CHAT).body()).isEqualTo("first says 503");
            assertThat(good.requests("/v1/chat/completions")).isZero();
        }
    }

    @Test
    void switchedOffEveryRequestStaysWithTheFirst() {
        try (FaultServer bad = answering("bad", 503, "");
                TestGateway gateway = before("retry: {enabled: false}", bad)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(503);
        }
        try (TestGateway gateway = beforeClosedPort("retry: {enabled: false}")) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(502);
        }
        assertThat(good.requests("/v1/chat/completions")).isZero();
    }

    @Test
    void connectionFailuresAloneMayEndARequest() {
        String setting = "retry: {on_connection_failure: false}";
        try (TestGateway gateway = beforeClosedPort(setting)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(502);
        }
        try (FaultServer bad = answering("bad", 503, "");
                TestGateway gateway = before(setting, bad)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theStatusesCanBeChosen() {
        String setting = "retry: {on_status: [500, 504]}";
        for (int status : new int[] {500, 504}) {
            try (FaultServer bad = answering("bad", status, "");
                    TestGateway gateway = before(setting, bad)) {
                assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            }
        }
        try (FaultServer bad = answering("bad", 503, "");
                TestGateway gateway = before(setting, bad)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aSpentBudgetStopsRetriesAfterStatusesAndTimeoutsOnly() {
        String spent = "connection_timeout: 1s, retry: {budget_percent: 0, budget_min_per_second: 0}";
        try (FaultServer bad = answering("bad", 503, "");
                TestGateway gateway = before(spent, bad)) {
            assertThat(gateway.post(PATH, CHAT).body()).isEqualTo("bad says 503");
        }
        try (FaultListener full = FaultListener.full();
                TestGateway gateway = beforeUrl(spent, full.url())) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(504);
        }
        try (TestGateway gateway = beforeClosedPort(spent)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCallThatChangesAServerIsNotRepeated() {
        SimulatedServer lemonade = SimulatedServer.lemonade("other").model("m").start();
        try (FaultServer bad = answering("bad", 503, "");
                lemonade;
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority",
                        FaultEndpoints.probedElsewhere(
                                "bad", bad.url(), "lemonade", 200, good.uri().toString()),
                        FaultEndpoints.endpoint("other", lemonade.uri().toString(), "lemonade", 100)))) {
            assertThat(gateway.post("/olla/proxy/api/v1/load", "{\"model\":\"m\"}")
                            .statusCode())
                    .isEqualTo(503);
            assertThat(lemonade.requests("/api/v1/load")).isZero();
        }
    }

    @Test
    void aServerThatAsksForAPauseGetsNoWorkThatAnotherCanTake() {
        String inAMinute = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC));
        for (String pause : new String[] {"60", inAMinute}) {
            try (FaultServer bad = answering("bad", 429, "Retry-After: " + pause + "\r\n");
                    TestGateway gateway = before("", bad)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
                }
                assertThat(bad.requests()).isEqualTo(1);
                gateway.post("/internal/endpoints/good/drain", "");
                assertThat(gateway.post(PATH, CHAT).statusCode())
                        .as("nobody else can take it")
                        .isEqualTo(429);
                assertThat(bad.requests()).isEqualTo(2);
            }
        }
    }

    @Test
    void whereAllSay429TheClientLearnsWhenTheFirstIsBack() {
        try (FaultServer first = answering("first", 429, "Retry-After: 20\r\n");
                FaultServer second = answering("second", 429, "Retry-After: 90\r\n");
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority", endpoint("first", first, 200), endpoint("second", second, 100)))) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).isEqualTo("second says 429");
            assertThat(answer.headers().allValues("Retry-After")).containsExactly("20");
        }
    }

    private static void assertCounted(TestGateway gateway, int requests, int failures) {
        // The client has its answer before it is counted.
        Eventually.await("it is counted", () -> {
            JsonNode system = gateway.json("/internal/status").get("system");
            return system.get("total_requests").asInt() == requests
                    && system.get("total_failures").asInt() == failures
                    && system.get("active_connections").asInt() == 0;
        });
    }

    private static FaultServer answering(String name, int status, String headers) {
        String answer = FaultServer.answer(status, "text/plain", name + " says " + status)
                .replace("\r\n\r\n", "\r\nX-Bad: yes\r\n" + headers + "\r\n");
        return FaultServer.start(name, FaultServer.answering(answer));
    }

    private static String endpoint(String name, FaultServer server, int priority) {
        return FaultEndpoints.endpoint(name, server.url(), "vllm", priority);
    }

    /// The bad server is preferred.
    private TestGateway before(String settings, FaultServer bad) {
        return beforeUrl(settings, bad.url());
    }

    private TestGateway beforeClosedPort(String settings) {
        return beforeUrl(settings, "http://127.0.0.1:" + FaultListener.closedPort());
    }

    private TestGateway beforeUrl(String settings, String bad) {
        return TestGateway.of(FaultEndpoints.config(
                settings.isEmpty() ? "load_balancer: priority" : "load_balancer: priority, " + settings,
                FaultEndpoints.probedElsewhere(
                        "bad", bad, "vllm", 200, good.uri().toString()),
                FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100)));
    }
}
