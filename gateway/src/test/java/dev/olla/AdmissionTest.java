package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Limits, CORS and gates as clients meet them.
class AdmissionTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PATH = "/olla/vllm/v1/chat/completions";

    private final SimulatedServer vllm =
            SimulatedServer.vllm("rack-1").model("m").start();
    private final FakeTime time = new FakeTime();

    @AfterEach
    void close() {
        vllm.close();
    }

    private TestGateway gateway(String settings) {
        return TestGateway.of(settings + TestGateway.endpoints(vllm));
    }

    private TestGateway gateway(String settings, FakeTime ofLimits) {
        return TestGateway.of(settings + TestGateway.endpoints(vllm), Map.of(), ofLimits);
    }

    private static String limits(int global, int perClient, int health, int burst) {
        return """
                server:
                  rate_limits:
                    global_requests_per_minute: %d
                    per_ip_requests_per_minute: %d
                    health_requests_per_minute: %d
                    burst_size: %d
                """.formatted(global, perClient, health, burst);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    // Rate limits

    @Test
    void everyAnswerOfALimitedRouteTellsWhereTheClientStands() {
        try (TestGateway gateway = gateway(limits(0, 6, 0, 50))) {
            String[] paths = {"/olla/models", "/olla/proxy/v1/models", "/olla/vllm/v1/models", "/olla/vllm/health"};
            int remaining = 49;
            for (String path : paths) {
                HttpResponse<String> answer = gateway.get(path);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(header(answer, "X-RateLimit-Limit")).isEqualTo("6");
                assertThat(header(answer, "X-RateLimit-Remaining")).isEqualTo(Integer.toString(remaining--));
                assertThat(Long.parseLong(header(answer, "X-RateLimit-Reset")))
                        .isGreaterThan(Instant.now().getEpochSecond());
            }
            assertThat(header(gateway.post("/olla/openai/v1/chat/completions", CHAT), "X-RateLimit-Remaining"))
                    .isEqualTo("45");
            HttpResponse<String> unknown = gateway.post("/olla/openai/v1/chat/completions", "{\"model\":\"nobody\"}");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(header(unknown, "X-RateLimit-Remaining")).isEqualTo("44");
            assertThat(header(gateway.get("/internal/status"), "X-RateLimit-Limit"))
                    .isEqualTo("none");
            assertThat(header(gateway.get("/internal/health"), "X-RateLimit-Limit"))
                    .isEqualTo("none");
        }
    }

    @Test
    void theDefaultsHold() {
        try (TestGateway gateway = gateway("server: {rate_limits: {burst_size: 50}}\n")) {
            assertThat(header(gateway.get("/olla/models"), "X-RateLimit-Limit")).isEqualTo("100");
            assertThat(header(gateway.get("/internal/health"), "X-RateLimit-Limit"))
                    .isEqualTo("1000");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/olla/openai/v1/chat/completions | {'error':{'message':'Too Many Requests','type':'invalid_request_error','code':'rate_limited'}}",
                "/olla/proxy/v1/models | {'error':{'message':'Too Many Requests','type':'invalid_request_error','code':'rate_limited'}}",
                "/olla/models | {'error':{'message':'Too Many Requests','type':'invalid_request_error','code':'rate_limited'}}",
                "/olla/ollama/api/chat | {'error':'Too Many Requests'}",
                "/olla/anthropic/v1/messages | {'type':'error','error':{'type':'rate_limit_error','message':'Too Many Requests'},'request_id':'my-id'}",
                "/internal/health | Too Many Requests\n",
            })
    void aRefusalIsWrittenInTheCallersFormat(String path, String body) {
        try (TestGateway gateway = gateway(limits(100, 100, 100, 0))) {
            HttpResponse<String> answer = gateway.post(path, CHAT, "X-Request-ID", "my-id");
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body().strip()).isEqualTo(body.replace('\'', '"').strip());
            assertThat(header(answer, "X-Olla-Request-ID")).isEqualTo("my-id");
            assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(answer, "X-RateLimit-Limit")).isEqualTo("100");
            assertThat(header(answer, "X-RateLimit-Remaining")).isEqualTo("0");
            assertThat(header(answer, "Retry-After")).isEqualTo("1");
        }
    }

    @Test
    void aRetryAfterTheToldTimePasses() {
        try (TestGateway gateway = gateway(limits(0, 60, 0, 3), time)) {
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> refused = gateway.get("/olla/models");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            time.pass(Duration.ofMillis(999));
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(429);
            time.pass(Duration.ofMillis(1));
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoSendsEvenlyWithinTheLimitIsNeverRefused() {
        try (TestGateway gateway = gateway(limits(0, 60, 0, 10), time)) {
            for (int second = 0; second < 200; second++) {
                assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
                time.pass(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void ofABurstOneAboveTheLimitOneIsRefusedAndToldTheTruth() {
        try (TestGateway gateway = gateway(limits(0, 60, 0, 10), time)) {
            for (int i = 0; i < 10; i++) {
                assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> refused = gateway.get("/olla/models");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            assertThat(header(refused, "X-RateLimit-Limit")).isEqualTo("60");
            assertThat(header(refused, "X-RateLimit-Reset"))
                    .isEqualTo(Long.toString(time.now().getEpochSecond() + 1));
            time.pass(Duration.ofSeconds(1));
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void aRefusalComesBeforeTheBody() throws IOException {
        try (TestGateway gateway = gateway(limits(0, 100, 0, 0));
                RawClient client = gateway.raw()) {
            client.send("""
                    POST /olla/openai/v1/chat/completions HTTP/1.1\r
                    Host: localhost\r
                    Content-Length: 100000\r
                    Expect: 100-continue\r
                    \r
                    """);
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 429 ").containsIgnoringCase("\r\nConnection: close\r\n");
        }
        vllm.recorded().forEach(request -> assertThat(request.path()).doesNotContain("chat"));
    }

    @Test
    void aRefusalOfARequestWithoutBodyKeepsTheConnection() throws IOException {
        try (TestGateway gateway = gateway(limits(0, 100, 0, 0));
                RawClient client = gateway.raw()) {
            String get = "GET /olla/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send(get + get);
            assertThat(client.readResponse().status()).isEqualTo(429);
            assertThat(client.readResponse().status()).isEqualTo(429);
            client.send("GET /internal/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void refusalsAreCountedAndTheirClientsToo() {
        try (TestGateway gateway = gateway("""
                server:
                  rate_limits: {global_requests_per_minute: 1, burst_size: 1, trust_proxy_headers: true}
                """)) {
            for (int client = 1; client <= 11; client++) {
                String address = "203.0.113." + client;
                assertThat(gateway.get("/olla/models", "X-Forwarded-For", address)
                                .statusCode())
                        .isEqualTo(client == 1 ? 200 : 429);
            }
            gateway.get("/olla/models", "X-Forwarded-For", "203.0.113.11");
            var security = gateway.json("/internal/status").get("security");
            assertThat(security.at("/violations/rate_limits").asInt()).isEqualTo(11);
            assertThat(security.get("blocked_ips").asInt()).isEqualTo(10);
            assertThat(security.get("status").asString()).isEqualTo("normal");
            gateway.get("/olla/models");
            security = gateway.json("/internal/status").get("security");
            assertThat(security.get("blocked_ips").asInt()).isEqualTo(11);
            assertThat(security.get("status").asString()).isEqualTo("elevated");
        }
    }

    @Test
    void eachClientOfATrustedProxyHasItsOwnLimit() {
        String settings = """
                server:
                  rate_limits: {global_requests_per_minute: 0, per_ip_requests_per_minute: 1, burst_size: 1, %s}
                """;
        try (TestGateway gateway = gateway(settings.formatted("trust_proxy_headers: true"))) {
            assertThat(statusFor(gateway, "203.0.113.1")).isEqualTo(200);
            assertThat(statusFor(gateway, "203.0.113.2")).isEqualTo(200);
            assertThat(statusFor(gateway, "203.0.113.1, 10.0.0.9")).isEqualTo(429);
            assertThat(statusFor(gateway, "6.6.6.6, 203.0.113.2")).isEqualTo(429);
        }
        try (TestGateway gateway = gateway(settings.formatted("trust_proxy_headers: false"))) {
            assertThat(statusFor(gateway, "203.0.113.1")).isEqualTo(200);
            assertThat(statusFor(gateway, "203.0.113.2")).isEqualTo(429);
        }
        try (TestGateway gateway = gateway(settings.formatted("trust_proxy_headers: true, trusted_proxy_cidrs: []"))) {
            assertThat(statusFor(gateway, "203.0.113.1")).isEqualTo(200);
            assertThat(statusFor(gateway, "203.0.113.2")).isEqualTo(429);
        }
    }

    private static int statusFor(TestGateway gateway, String forwardedFor) {
        return gateway.get("/olla/models", "X-Forwarded-For", forwardedFor).statusCode();
    }

    @Test
    void aServerThatHasHadItsShareIsPassedOver() {
        try (SimulatedServer other = SimulatedServer.vllm("rack-2").model("m").start();
                TestGateway gateway = TestGateway.of("""
                        server:
                          rate_limits:
                            global_requests_per_minute: 0
                            per_ip_requests_per_minute: 0
                            burst_size: 1
                            per_endpoint: {default_requests_per_minute: 60}
                        proxy: {load_balancer: priority}
                        """ + TestGateway.endpoints(vllm, other), Map.of(), time)) {
            String first = header(gateway.post(PATH, CHAT), "X-Olla-Endpoint");
            String second = header(gateway.post(PATH, CHAT), "X-Olla-Endpoint");
            assertThat(new String[] {first, second}).containsExactlyInAnyOrder("rack-1", "rack-2");
            HttpResponse<String> refused = gateway.post(PATH, CHAT);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("\"code\":\"rate_limited\"");
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            assertThat(header(refused, "X-RateLimit-Limit")).isEqualTo("60");
            time.pass(Duration.ofSeconds(1));
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    private static String limitsWithServers(int perClient, int perServer) {
        return limits(0, perClient, 0, 1) + "    trust_proxy_headers: true\n"
                + "    per_endpoint: {default_requests_per_minute: " + perServer + "}\n";
    }

    @Test
    void aClientWithoutTokensIsToldToWaitForItsServerToo() {
        try (TestGateway gateway =
                TestGateway.of(limitsWithServers(60, 6) + TestGateway.endpoints(vllm), Map.of(), time)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = gateway.post(PATH, CHAT);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("10");
            assertThat(header(refused, "X-RateLimit-Limit")).isEqualTo("6");
            assertThat(header(gateway.get("/olla/models"), "Retry-After"))
                    .as("of a list, which comes from no server")
                    .isEqualTo("1");
            time.pass(Duration.ofSeconds(10));
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aClientWhoseServerHasNoTokensIsToldToWaitForItsOwnToo() {
        try (TestGateway gateway =
                TestGateway.of(limitsWithServers(6, 60) + TestGateway.endpoints(vllm), Map.of(), time)) {
            assertThat(gateway.post(PATH, CHAT, "X-Forwarded-For", "192.0.2.1").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> refused = gateway.post(PATH, CHAT, "X-Forwarded-For", "192.0.2.2");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("10");
            time.pass(Duration.ofSeconds(10));
            assertThat(gateway.post(PATH, CHAT, "X-Forwarded-For", "192.0.2.2").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aReloadBringsNewLimitsAndAnotherReloadForgivesNothing() {
        String endpoints = TestGateway.endpoints(vllm);
        try (TestGateway gateway = TestGateway.before(vllm)) {
            assertThat(header(gateway.get("/olla/models"), "X-RateLimit-Limit")).isEqualTo("none");
            assertThat(gateway.reload(limits(0, 1, 0, 1) + endpoints).changed())
                    .isNotEmpty()
                    .allMatch(path -> path.startsWith("server.rate_limits."));
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(429);
            gateway.reload(limits(0, 1, 0, 1) + "proxy: {read_timeout: 9m}\n" + endpoints);
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(429);
        }
    }

    // What servers say beside us

    @Test
    void ourWordReplacesTheServersAboutLimitsAndOrigins() {
        try (RawServer server = RawServer.start(connection -> {
                    while (true) {
                        boolean list = connection.readRequest().head().startsWith("GET");
                        String body = list ? "{\"data\":[{\"id\":\"m\"}]}" : "{}";
                        connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nVary: Accept\r\n"
                                + "X-RateLimit-Limit: 7\r\nX-RateLimit-Remaining: 7\r\nX-RateLimit-Reset: 7\r\n"
                                + "x-ratelimit-limit-tokens: 7\r\nAccess-Control-Allow-Origin: http://server\r\n"
                                + "Access-Control-Allow-Methods: BREW\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body);
                    }
                });
                TestGateway gateway = TestGateway.of("""
                        server:
                          rate_limits: {burst_size: 9}
                          cors: {enabled: true, allowed_origins: ["https://chat.example"]}
                        """ + endpointAt(server));
                TestGateway silent = TestGateway.of(endpointAt(server))) {
            HttpResponse<String> ours =
                    gateway.post("/olla/proxy/v1/chat/completions", CHAT, "Origin", "https://chat.example");
            assertThat(ours.statusCode()).isEqualTo(200);
            assertThat(ours.headers().allValues("X-RateLimit-Limit")).containsExactly("100");
            assertThat(ours.headers().allValues("X-RateLimit-Remaining")).containsExactly("8");
            assertThat(ours.headers().allValues("X-RateLimit-Reset")).hasSize(1).doesNotContain("7");
            assertThat(ours.headers().allValues("X-RateLimit-Limit-Tokens")).containsExactly("7");
            assertThat(ours.headers().allValues("Access-Control-Allow-Origin")).containsExactly("https://chat.example");
            assertThat(ours.headers().allValues("Access-Control-Allow-Methods")).isEmpty();
            assertThat(ours.headers().allValues("Vary")).containsExactlyInAnyOrder("Origin", "Accept");
            HttpResponse<String> theirs = silent.post("/olla/proxy/v1/chat/completions", CHAT);
            assertThat(header(theirs, "X-RateLimit-Limit")).isEqualTo("7");
            assertThat(header(theirs, "Access-Control-Allow-Origin")).isEqualTo("http://server");
        }
    }

    private static String endpointAt(RawServer server) {
        return "discovery:\n  static:\n    endpoints:\n"
                + TestGateway.endpoint("raw", server.uri().toString(), "openai-compatible");
    }

    // CORS

    @Test
    void aPreflightIsAnsweredAtOnceAndNeverCounted() throws IOException {
        try (TestGateway gateway = gateway("""
                server:
                  rate_limits: {burst_size: 0}
                  cors: {enabled: true}
                """);
                RawClient client = gateway.raw()) {
            String headers = """
                    Origin: https://chat.example\r
                    Access-Control-Request-Method: POST\r
                    Access-Control-Request-Headers: content-type\r
                    """;
            for (String path :
                    new String[] {"/olla/openai/v1/chat/completions", "/internal/status", "/nothing", "//"}) {
                client.send("OPTIONS", path, headers, "");
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(204);
                assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
                assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("POST");
                assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("content-type");
                assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("300");
                assertThat(answer.header("Vary"))
                        .isEqualTo("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
                assertThat(answer.header("X-Olla-Request-ID")).isNotNull();
                assertThat(answer.header("Content-Length")).isNull();
                assertThat(answer.header("X-RateLimit-Limit")).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/olla/models", "/internal/status", "/nothing", "/olla/openai/v1/chat/completions"})
    void scriptsMayReadEveryAnswerRefusalsIncluded(String path) {
        try (TestGateway gateway = gateway("""
                server:
                  rate_limits: {burst_size: 0}
                  cors: {enabled: true, allowed_origins: ["https://*.example"], allow_credentials: true}
                """)) {
            HttpResponse<String> answer = gateway.get(path, "Origin", "https://chat.example");
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("https://chat.example");
            assertThat(header(answer, "Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(header(answer, "Access-Control-Expose-Headers")).startsWith("X-Olla-Request-ID, ");
            assertThat(answer.headers().allValues("Vary")).contains("Origin");
            HttpResponse<String> other = gateway.get(path, "Origin", "https://evil.test");
            assertThat(header(other, "Access-Control-Allow-Origin")).isEqualTo("none");
            assertThat(other.headers().allValues("Vary")).contains("Origin");
        }
    }

    @Test
    void whileDisabledNothingIsSaidAndOptionsReachTheServer() {
        try (TestGateway gateway = TestGateway.before(vllm)) {
            HttpResponse<String> answer = gateway.send(HttpRequest.newBuilder(gateway.uri(PATH))
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", "https://chat.example")
                    .header("Access-Control-Request-Method", "POST"));
            assertThat(header(answer, "X-Olla-Endpoint")).isEqualTo("rack-1");
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("none");
            assertThat(answer.headers().allValues("Vary")).doesNotContain("Origin");
        }
    }

    // Gates

    @Test
    void theGateHoldsForAllInnerPagesButThoseForOrchestrators() {
        try (TestGateway gateway = gateway("""
                dashboard:
                  access_policy: {allowed_cidrs: ["192.0.2.0/24"]}
                  gate_internal_api: true
                """)) {
            for (String path : new String[] {"/internal/status", "/version", "/internal/ui/", "/internal/nothing"}) {
                HttpResponse<String> answer = gateway.get(path, "X-Forwarded-For", "192.0.2.1");
                assertThat(answer.statusCode()).as(path).isEqualTo(403);
                assertThat(answer.body())
                        .isEqualTo("403 forbidden: ip not in allowed range (ip=127.0.0.1, host=127.0.0.1:"
                                + gateway.port() + "). Adjust dashboard.access_policy.allowed_hosts (or allowed_cidrs)"
                                + " in your config.\n");
                assertThat(header(answer, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
                assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(header(answer, "X-Olla-Request-ID")).isNotEqualTo("none");
            }
            assertThat(gateway.get("/internal/health").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/internal/ready").statusCode()).isNotEqualTo(403);
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutTheGateOnlyTheDashboardIsGuarded() throws IOException {
        try (TestGateway gateway = gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET /internal/status HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.send("GET /internal/ui/ HTTP/1.1\r\nHost: Evil.example:80\r\n\r\n");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(String.join("", answer.chunks()))
                    .startsWith("403 forbidden: host not accepted (ip=127.0.0.1, host=Evil.example:80). Adjust ");
        }
        try (TestGateway gateway = gateway("dashboard: {enabled: false}\n");
                RawClient client = gateway.raw()) {
            client.send("GET /internal/ui/ HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }
}
