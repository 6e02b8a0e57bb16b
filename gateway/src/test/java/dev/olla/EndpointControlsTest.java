package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Taking servers out of a running fleet and putting them back.
class EndpointControlsTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";
    private static final String PATH = "/olla/proxy/v1/chat/completions";

    private final SimulatedServer first = SimulatedServer.vllm("first")
            .model("m")
            .model("only-first")
            .timeToFirstToken(Duration.ofMillis(20))
            .tokensPerSecond(100)
            .tokens(40)
            .start();
    private final SimulatedServer second =
            SimulatedServer.vllm("second").model("m").start();
    private final String yaml = FaultEndpoints.config(
            "load_balancer: priority",
            FaultEndpoints.endpoint("first", first.uri().toString(), "vllm", 200),
            FaultEndpoints.endpoint("second", second.uri().toString(), "vllm", 100));
    private final TestGateway gateway = TestGateway.watching(yaml);

    @AfterEach
    void close() {
        gateway.close();
        first.close();
        second.close();
    }

    @Test
    void aDrainedServerEndsWhatItHasAndGetsNothingNew() throws IOException {
        try (RawClient stream = gateway.raw()) {
            stream.send("POST", PATH, "", "{\"model\":\"m\",\"messages\":[],\"stream\":true}");
            Eventually.await("the stream is under way", () -> first.activeExchanges() == 1);
            assertThat(set("first", "drain").get("status").asString()).isEqualTo("draining");
            assertThat(endpointOf()).isEqualTo("second");
            assertThat(stream.readResponse().complete()).isTrue();
        }
        awaitProbes(first, 2);
        assertShown("draining", 1);
        assertThat(endpointOf()).isEqualTo("second");
        assertThat(listed()).as("its models are still there").contains("only-first");
        HttpResponse<String> only = gateway.post(PATH, CHAT.replace("\"m\"", "\"only-first\""));
        assertThat(only.statusCode()).isEqualTo(503);
        assertThat(set("first", "enable").get("status").asString()).isEqualTo("healthy");
        assertThat(endpointOf()).isEqualTo("first");
    }

    @Test
    void aDisabledServerIsLeftAloneAndItsModelsAreGone() {
        assertThat(endpointOf()).isEqualTo("first");
        assertThat(listed()).contains("only-first");
        assertThat(set("first", "disable").get("status").asString()).isEqualTo("disabled");
        assertShown("disabled", 1);
        assertThat(endpointOf()).isEqualTo("second");
        assertThat(listed()).doesNotContain("only-first");
        assertThat(gateway.get("/olla/models?include_unavailable=true").body()).doesNotContain("only-first");
        assertThat(gateway.get("/internal/status/models").body()).doesNotContain("only-first");
        long lists = first.requests("/v1/models");
        long probes = first.requests("/health");
        awaitProbes(second, 3);
        assertThat(first.requests("/health")).as("at most one was under way").isLessThanOrEqualTo(probes + 1);
        assertThat(first.requests("/v1/models")).isEqualTo(lists);
        set("first", "enable");
        FaultStatus.await(gateway, "first", "healthy");
        assertThat(endpointOf()).isEqualTo("first");
        assertThat(listed()).contains("only-first");
    }

    @Test
    void aReloadKeepsWhatTheOperatorWants() {
        set("first", "disable");
        gateway.reload(yaml.replace("priority: 100", "priority: 150"));
        assertThat(FaultStatus.of(gateway, "first")).isEqualTo("disabled");
        assertThat(endpointOf()).isEqualTo("second");
        long probes = first.requests("/health");
        awaitProbes(second, 2);
        assertThat(first.requests("/health")).isLessThanOrEqualTo(probes + 1);
        set("first", "enable");
        FaultStatus.await(gateway, "first", "healthy");
        Eventually.await("it serves again", () -> endpointOf().equals("first"));
    }

    @Test
    void everyServerMayBeTakenOut() {
        set("first", "drain");
        set("second", "disable");
        HttpResponse<String> answer = gateway.post(PATH, CHAT);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("model_unavailable");
        assertThat(gateway.json("/internal/status").at("/system/status").asString())
                .isEqualTo("critical");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /internal/endpoints/nobody/drain, 404",
        "POST, /internal/endpoints/first/reboot, 404",
        "POST, /internal/endpoints/first, 404",
        "POST, /internal/endpoints//drain, 308",
        "POST, /internal/endpoints/first/drain/now, 404",
        "POST, /internal/endpoints/%zz/drain, 404",
        "GET, /internal/endpoints/first/drain, 405",
        "PUT, /internal/endpoints/first/enable, 405",
    })
    void whatCanNotBeDoneIsRefused(String method, String path, int status) throws IOException {
        FaultStatus.await(gateway, "first", "healthy");
        try (RawClient client = gateway.raw()) {
            client.send(method, path, "", "");
            var answer = client.readResponse();
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.header("Allow")).isEqualTo(status == 405 ? "POST" : null);
        }
        assertThat(FaultStatus.of(gateway, "first")).isEqualTo("healthy");
    }

    @Test
    void nobodyElseMayDoIt() {
        FaultStatus.await(gateway, "first", "healthy");
        HttpResponse<String> answer =
                gateway.post("/internal/endpoints/first/drain", "", "X-Forwarded-For", "192.0.2.1");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(FaultStatus.of(gateway, "first")).isEqualTo("healthy");
    }

    @ParameterizedTest
    @CsvSource({
        "gpu box, gpu%20box",
        "a/b, a%2Fb",
        "größe, gr%C3%B6%C3%9Fe",
        "a+b, a+b",
        "100%, 100%25",
        "'..', %2E%2E",
    })
    void anyNameCanBeWritten(String name, String written) {
        gateway.reload(yaml + FaultEndpoints.endpoint("'" + name + "'", "http://127.0.0.1:1", "vllm", 1));
        JsonNode shown = set(written, "drain");
        assertThat(shown.get("name").asString()).isEqualTo(name);
        assertThat(shown.get("status").asString()).isEqualTo("draining");
    }

    private JsonNode set(String endpoint, String action) {
        HttpResponse<String> answer = gateway.post("/internal/endpoints/" + endpoint + "/" + action, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestGateway.JSON.readTree(answer.body());
    }

    private String endpointOf() {
        return gateway.post(PATH, CHAT).headers().firstValue("X-Olla-Endpoint").orElse("none");
    }

    private String listed() {
        return gateway.get("/olla/models").body()
                + gateway.get("/olla/proxy/v1/models").body();
    }

    private void assertShown(String status, int routable) {
        assertThat(FaultStatus.of(gateway, "first")).isEqualTo(status);
        JsonNode page = gateway.json("/internal/status");
        assertThat(page.at("/system/endpoints_up").asString()).isEqualTo(routable + "/2");
        assertThat(page.get("endpoints").findValuesAsString("status")).contains(status);
        assertThat(gateway.json("/internal/status/endpoints")
                        .get("routable_count")
                        .asInt())
                .isEqualTo(routable);
    }

    private static void awaitProbes(SimulatedServer server, int count) {
        long before = server.requests("/health");
        Eventually.await("it was probed", () -> server.requests("/health") >= before + count);
    }
}
