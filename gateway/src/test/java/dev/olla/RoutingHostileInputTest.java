package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Input that wants to break out: of a header, of a path, of the stack.
class RoutingHostileInputTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String STRANGE = "näme 🦙\r\nX-Evil: yes\u0000\u007f\"\\";

    private final SimulatedServer server =
            SimulatedServer.vllm("box").model("m").model(STRANGE).start();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 4_096, 5_000, 200_000, 3_000_000})
    void aHugeModelNameIsUnknown(int length) {
        try (TestGateway gateway = TestGateway.before(server)) {
            HttpResponse<String> answer = gateway.post(PATH, "{\"model\":\"" + "m".repeat(length) + "\"}");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("model_not_found").hasSizeLessThan(300);
            assertThat(server.requests("/v1/chat/completions")).isZero();
        }
    }

    @Test
    void aModelsNameStaysInsideItsHeader() throws Exception {
        try (TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{\"model\":" + TestGateway.JSON.writeValueAsString(STRANGE) + "}");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.header("X-Olla-Model")).isEqualTo("n?me ???x-evil: yes??\"\\");
            assertThat(answer.header("X-Evil")).isNull();
            assertThat(answer.head()).matches("[\\x20-\\x7e\\r\\n]+");
            RecordedRequest request = lastPost();
            assertThat(request.header("X-Model")).isEqualTo("n?me ???x-evil: yes??\"\\");
            assertThat(request.header("X-Evil")).isNull();
        }
    }

    @Test
    void aModelsNameInOtherLetterCaseIsRewrittenAsJson() throws Exception {
        try (TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            String shouted = STRANGE.replace("yes", "YES");
            client.send("POST", PATH, "", "{\"model\":" + TestGateway.JSON.writeValueAsString(shouted) + ",\"x\":1}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(TestGateway.JSON.readTree(lastPost().body()).get("model").asString())
                    .isEqualTo(STRANGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"model\":\"m\",", ""})
    void deepNestingIsTheServersToJudge(String model) throws Exception {
        String deep = "{" + model + "\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        try (FaultServer patient = FaultServer.start(
                        "box", FaultServer.answering(FaultServer.answer(200, "application/json", "{}")));
                TestGateway gateway = TestGateway.of(FaultEndpoints.config("", patient.yaml("vllm")))) {
            assertThat(gateway.post(PATH, deep).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aThousandBrokenBodiesLeaveTheGatewayWell() {
        try (TestGateway gateway = TestGateway.before(server)) {
            List<String> bodies = List.of("{\"model\":\"m\"", "{", "[[[[", "\"", "{\"model\":\"\\ud800\"}", "\u0000");
            for (int i = 0; i < 1_000; i++) {
                assertThat(gateway.post(PATH, bodies.get(i % bodies.size())).statusCode())
                        .isBetween(200, 404);
            }
            assertThat(gateway.post(PATH, "{\"model\":\"m\"}").statusCode()).isEqualTo(200);
            FaultStatus.awaitIdle(gateway, "box");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "a\tb", "caf\u00e9", "x\u0001y", "a\rX-Evil: 1", "a\nX-Evil: 1"})
    void aRequestIdCantInjectAHeader(String id) throws Exception {
        try (TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "X-Request-ID: " + id + "\r\n", "{\"model\":\"nobody\"}");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isIn(400, 404);
            assertThat(answer.header("X-Evil")).isNull();
            String shown = answer.header("X-Olla-Request-ID");
            assertThat(shown == null || shown.matches("[a-z]+-[a-z]+-[0-9a-f]{4}"))
                    .isTrue();
        }
    }

    @Test
    void aRequestIdOf129CharactersIsReplaced() {
        try (TestGateway gateway = TestGateway.before(server)) {
            HttpResponse<String> answer = gateway.post(PATH, "{\"model\":\"m\"}", "X-Request-ID", "x".repeat(129));
            assertThat(answer.headers().firstValue("X-Olla-Request-ID").orElse(""))
                    .hasSizeLessThan(40);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/%2e%2e/secret, /base/secret",
        "/%2E%2e/%2e%2E/secret, /base/secret",
        "/x/%2e%2e/%2e%2e/secret, /base/secret",
        "/..%2fsecret, /base/secret",
        "/x%2F..%2F..%2Fsecret, /base/secret",
        "/..%5csecret, /base/secret",
        "/%2e/secret, /base/secret",
        "/a%2Fb, /base/a%2Fb",
    })
    void noPathLeavesTheBase(String path, String seen) throws Exception {
        try (TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "",
                        FaultEndpoints.probedElsewhere(
                                        "box",
                                        server.uri() + "/base",
                                        "vllm",
                                        100,
                                        server.uri().toString())
                                .replace("{url", "{preserve_path: true, url")));
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy" + path, "", "");
            client.readResponse();
            assertThat(server.recorded().stream().map(RecordedRequest::path)).contains(seen);
            assertThat(server.requests("/secret")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/olla/proxy/../internal/status, /olla/internal/status",
        "/olla/proxy/../../etc/passwd, /etc/passwd",
        "/olla/proxy//api//tags, /olla/proxy/api/tags",
        "/olla//proxy/x, /olla/proxy/x",
    })
    void plainDotsAreRedirected(String path, String location) throws Exception {
        try (TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("GET", path, "", "");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.header("Location")).isEqualTo(location);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/pull",
                "/api/%70ull",
                "/API/Pull",
                "/api/pull/",
                "/x/%2e%2e/api/delete",
                "/api%2fcreate",
                "/api/x%2f..%2fpush",
                "/api/blobs/sha256:00"
            })
    void managementIsNotPassedOnHoweverItIsSpelled(String path) throws Exception {
        SimulatedServer ollama = SimulatedServer.ollama("ollama").model("m").start();
        try (ollama;
                TestGateway gateway = TestGateway.before(ollama)) {
            for (String prefix : List.of("/olla/ollama", "/olla/proxy")) {
                try (RawClient client = gateway.raw()) {
                    client.send("POST", prefix + path, "", "{\"model\":\"m\"}");
                    assertThat(client.readResponse().status()).as(prefix).isEqualTo(501);
                }
            }
            assertThat(ollama.requestsByPath().keySet()).isSubsetOf("/", "/api/tags", "/api/show", "/api/ps", "/api/version");
        }
    }

    private RecordedRequest lastPost() throws IOException {
        return server.recorded().stream()
                .filter(request -> request.method().equals("POST"))
                .toList()
                .getLast();
    }
}
