package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawConnection;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// A request whose first server fails before a byte of the answer: who gets it next, and who doesn't.
class FailoverTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String SETTINGS = "load_balancer: priority, connection_timeout: 1s, tls_handshake_timeout: 1s";
    private static final String HEAD_WITHIN_A_SECOND = SETTINGS + ", response_header_timeout: 1s";

    private final SimulatedServer good = SimulatedServer.vllm("good").model("m").start();

    @AfterEach
    void close() {
        good.close();
    }

    /// A way to fail, as a server that is probed elsewhere and preferred over the good one.
    ///
    /// @param url makes the server; what it returns is closed by the test
    record Failing(String name, boolean offlineAfterwards, Preparation url) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Preparation {
        Prepared prepare();
    }

    record Prepared(String url, AutoCloseable server) {}

    static Stream<Failing> failuresThatAreRetried() {
        return Stream.of(
                new Failing("refused", true, () -> nobody("http://127.0.0.1:" + FaultListener.closedPort())),
                new Failing("unknown host", true, () -> nobody("http://nobody.invalid:1")),
                new Failing("reset", true, () -> playing((connection, _) -> connection.reset())),
                new Failing("closed without an answer", false, () -> playing((connection, _) -> connection.close())),
                new Failing("connect timeout", false, FailoverTest::full),
                new Failing("TLS refused", false, () -> tls((connection, _) -> connection.write("no TLS here"))),
                new Failing("TLS timeout", false, FailoverTest::silentTls));
    }

    @ParameterizedTest
    @MethodSource("failuresThatAreRetried")
    void theNextServerAnswers(Failing failing) throws Exception {
        Prepared bad = failing.url().prepare();
        try (TestGateway gateway = before(bad.url());
                var _ = bad.server()) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("good");
            assertThat(answer.body()).contains("good says");
            assertThat(lastChat(good)).isEqualTo(CHAT);
            if (failing.offlineAfterwards()) {
                // Its probes are good, so that this lasts until the next one only.
                assertThat(requests(gateway, "bad")).isEqualTo(1);
            }
            awaitIdle(gateway, "bad", "good");
            JsonNode system = gateway.json("/internal/status").get("system");
            assertThat(system.get("total_requests").asInt()).isEqualTo(1);
            assertThat(system.get("total_failures").asInt()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("failuresThatAreRetried")
    void whenEveryServerFailsTheClientIsToldWhy(Failing failing) throws Exception {
        Prepared bad = failing.url().prepare();
        try (TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        SETTINGS,
                        FaultEndpoints.probedElsewhere(
                                "bad", bad.url(), "vllm", 200, good.uri().toString())));
                var _ = bad.server()) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT, "X-Request-ID", "my-request");
            boolean timeout = failing.name().endsWith("timeout");
            assertThat(answer.statusCode()).isEqualTo(timeout ? 504 : 502);
            JsonNode error = TestGateway.JSON.readTree(answer.body()).get("error");
            assertThat(error.get("type").asString()).isEqualTo("server_error");
            assertThat(error.get("code").asString()).isEqualTo(timeout ? "upstream_timeout" : "bad_gateway");
            assertThat(error.get("message").asString())
                    .startsWith("Proxy error: ")
                    .contains(words(failing.name()));
            assertThat(answer.headers().firstValue("X-Olla-Request-ID")).hasValue("my-request");
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).isEmpty();
            awaitIdle(gateway, "bad");
        }
    }

    private static String words(String failure) {
        return switch (failure) {
            case "refused" -> "all endpoints failed with connection errors: network error after";
            case "unknown host" -> "unknown host of endpoint bad";
            case "reset" -> "reset the connection";
            case "closed without an answer" -> "connection closed after";
            case "connect timeout" -> "proxy.connection_timeout exceeded at endpoint bad";
            case "TLS timeout" -> "proxy.tls_handshake_timeout exceeded at endpoint bad";
            default -> "endpoint bad";
        };
    }

    @Test
    void aGetThatGetsNoHeadInTimeIsRetried() throws Exception {
        try (FaultServer silent = FaultServer.start("bad", FaultServer.silent());
                TestGateway gateway = before(HEAD_WITHIN_A_SECOND, silent.url())) {
            HttpResponse<String> answer = gateway.get("/olla/proxy/metrics");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("good");
            Eventually.await("the silent server is left", () -> silent.ended() == 1);
        }
    }

    @Test
    void aPostThatGetsNoHeadInTimeIsNot() throws Exception {
        try (FaultServer silent = FaultServer.start("bad", FaultServer.silent());
                TestGateway gateway = before(HEAD_WITHIN_A_SECOND, silent.url())) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.response_header_timeout exceeded at endpoint bad");
            assertThat(good.requests("/v1/chat/completions")).isZero();
            Eventually.await("the silent server is left", () -> silent.ended() == 1);
        }
    }

    @Test
    void aCallThatChangesAServerIsNotSentTwice() throws Exception {
        SimulatedServer lemonade = SimulatedServer.lemonade("other").model("m").start();
        try (FaultServer closing = FaultServer.start("bad", (connection, _) -> connection.close());
                lemonade;
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        SETTINGS,
                        FaultEndpoints.probedElsewhere(
                                "bad",
                                closing.url(),
                                "lemonade",
                                200,
                                good.uri().toString()),
                        FaultEndpoints.endpoint("other", lemonade.uri().toString(), "lemonade", 100)))) {
            HttpResponse<String> answer = gateway.post("/olla/proxy/api/v1/load", "{\"model\":\"m\"}");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(lemonade.requests("/api/v1/load")).isZero();
        }
    }

    @Test
    void anAnswerOfAnyOtherStatusIsPassedOn() throws Exception {
        for (int status : new int[] {400, 404, 413, 422, 500, 504}) {
            String body = "{\"status\":" + status + "}";
            try (FaultServer server = FaultServer.start(
                            "bad", FaultServer.answering(FaultServer.answer(status, "application/json", body)));
                    TestGateway gateway = before(server.url())) {
                HttpResponse<String> answer = gateway.post(PATH, CHAT);
                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("bad");
                assertThat(good.requests("/v1/chat/completions")).isZero();
            }
        }
    }

    /// The body is sent again byte for byte, and rewritten for each server anew.
    @Test
    void theBodyIsRewrittenForEachServerAnew() throws Exception {
        SimulatedServer other = SimulatedServer.vllm("other").model("M").start();
        try (FaultServer closing = FaultServer.start("bad", (connection, _) -> connection.close());
                other;
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        SETTINGS,
                        FaultEndpoints.endpoint("bad", closing.url(), "vllm", 200),
                        FaultEndpoints.endpoint("other", other.uri().toString(), "vllm", 100)))) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(lastChat(other)).isEqualTo(CHAT.replace("\"model\":\"m\"", "\"model\":\"M\""));
        }
    }

    @Test
    void aLargeBodyIsSentAgainWhole() throws Exception {
        String large =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(3_000_000) + "\"}]}";
        try (FaultServer closing = FaultServer.start("bad", (connection, _) -> connection.reset());
                TestGateway gateway = before(closing.url())) {
            HttpResponse<String> answer = gateway.post(PATH, large);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(lastChat(good)).isEqualTo(large);
        }
    }

    @Test
    void optionsAndHeadAreSafeToRepeat() throws Exception {
        for (String method : new String[] {"HEAD", "OPTIONS"}) {
            try (FaultServer silent = FaultServer.start("bad", FaultServer.silent());
                    TestGateway gateway = before(HEAD_WITHIN_A_SECOND, silent.url())) {
                HttpResponse<String> answer = gateway.send(HttpRequest.newBuilder(gateway.uri("/olla/proxy/metrics"))
                        .method(method, HttpRequest.BodyPublishers.noBody()));
                assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("good");
            }
        }
    }

    /// The body of the last request that was no probe.
    private static String lastChat(SimulatedServer server) {
        return server.recorded().stream()
                .filter(request -> request.method().equals("POST"))
                .toList()
                .getLast()
                .bodyText();
    }

    private TestGateway before(String bad) {
        return before(SETTINGS, bad);
    }

    private TestGateway before(String settings, String bad) {
        return TestGateway.of(FaultEndpoints.config(
                settings,
                FaultEndpoints.probedElsewhere(
                        "bad", bad, "vllm", 200, good.uri().toString()),
                FaultEndpoints.endpoint("good", good.uri().toString(), "vllm", 100)));
    }

    private static Prepared nobody(String url) {
        return new Prepared(url, () -> {});
    }

    private static Prepared playing(FaultServer.Play play) {
        FaultServer server = FaultServer.start("bad", play);
        return new Prepared(server.url(), server);
    }

    private static Prepared full() {
        FaultListener full = FaultListener.full();
        return new Prepared(full.url(), full);
    }

    private static Prepared tls(FaultServer.Play play) {
        dev.olla.testbed.RawServer server =
                dev.olla.testbed.RawServer.start(connection -> play.run(connection, noRequest()));
        return new Prepared(server.uri().toString().replace("http:", "https:"), server);
    }

    private static Prepared silentTls() {
        dev.olla.testbed.RawServer server = dev.olla.testbed.RawServer.start(RawConnection::awaitClose);
        return new Prepared(server.uri().toString().replace("http:", "https:"), server);
    }

    private static RawConnection.RawRequest noRequest() {
        return new RawConnection.RawRequest("", new byte[0]);
    }

    private static int requests(TestGateway gateway, String endpoint) {
        return FaultStatus.endpoint(gateway, endpoint).get("request_count").asInt();
    }

    private static void awaitIdle(TestGateway gateway, String... endpoints) {
        for (String endpoint : endpoints) {
            FaultStatus.awaitIdle(gateway, endpoint);
        }
    }
}
