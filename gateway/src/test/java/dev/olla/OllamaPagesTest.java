package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the Ollamas of a fleet say of themselves, in one answer.
class OllamaPagesTest {

    private final SimulatedServer first = SimulatedServer.ollama("first")
            .model("llama3.2:latest")
            .version("0.24.0")
            .start();
    private final SimulatedServer second = SimulatedServer.ollama("second")
            .model("llama3.2:latest")
            .model("mistral:7b")
            .version("0.13.5")
            .start();
    private final SimulatedServer other =
            SimulatedServer.vllm("other").model("qwen").start();
    private final TestGateway gateway = TestGateway.before(first, second, other);

    @AfterEach
    void close() {
        gateway.close();
        first.close();
        second.close();
        other.close();
    }

    private List<String> running(HttpResponse<String> answer) {
        List<String> running = new ArrayList<>();
        for (JsonNode entry : TestGateway.JSON.readTree(answer.body()).path("models")) {
            running.add(entry.path("olla").path("endpoint").asString() + " "
                    + entry.path("name").asString());
        }
        return running;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/olla/ollama", "/olla/proxy"})
    void whatIsLoadedIsToldOfAllWithItsEndpoint(String route) {
        HttpResponse<String> answer = gateway.get(route + "/api/ps");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Partial")).isEmpty();
        assertThat(running(answer))
                .containsExactly("first llama3.2:latest", "second llama3.2:latest", "second mistral:7b");
    }

    @Test
    void entriesKeepWhatTheirServerSays() {
        JsonNode entry = gateway.json("/olla/ollama/api/ps").path("models").get(0);
        assertThat(entry.path("size_vram").asLong()).isPositive();
        assertThat(entry.path("expires_at").asString()).isEqualTo("2036-01-01T00:00:00Z");
    }

    @Test
    void theVersionIsTheLowest() {
        assertThat(gateway.get("/olla/ollama/api/version").body()).isEqualTo("{\"version\":\"0.13.5\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/ps", "/api/version"})
    void aServerThatFailsIsLeftOutAndNamed(String path) {
        assertThat(gateway.get("/olla/ollama" + path).statusCode()).isEqualTo(200);
        second.fault(Fault.status(500));
        HttpResponse<String> answer = gateway.get("/olla/ollama" + path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Partial")).hasValue("second");
        assertThat(answer.body()).doesNotContain("mistral").doesNotContain("0.13.5");
    }

    @Test
    void aServerThatAnswersNoJsonIsLeftOutAndNamed() {
        gateway.awaitReady();
        second.fault(Fault.malformedJson());
        HttpResponse<String> answer = gateway.get("/olla/ollama/api/ps");
        assertThat(answer.headers().firstValue("X-Olla-Partial")).hasValue("second");
        assertThat(running(answer)).containsExactly("first llama3.2:latest");
    }

    @Test
    void aServerThatHangsKeepsNobodyWaitingForLong() {
        second.fault(Fault.hang());
        HttpResponse<String> answer = gateway.get("/olla/ollama/api/ps");
        assertThat(running(answer)).containsExactly("first llama3.2:latest");
    }

    @Test
    void whenNoneGivesAnAnswerThatIsSaidAsOllamaWould() {
        try (SimulatedServer old = SimulatedServer.ollama("old")
                        .model("m")
                        .without("/api/version")
                        .start();
                TestGateway beforeIt = TestGateway.before(old)) {
            HttpResponse<String> answer = beforeIt.get("/olla/ollama/api/version");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(TestGateway.JSON.readTree(answer.body()).path("error").asString())
                    .isEqualTo("no Ollama gave a usable answer to /api/version");
        }
    }

    @Test
    void aClientThatLeavesMeanwhileHarmsNothing() throws Exception {
        second.fault(Fault.hang());
        try (RawClient client = gateway.raw()) {
            client.send("GET /olla/ollama/api/ps HTTP/1.1\r\nHost: x\r\n\r\n");
            Eventually.await("it has arrived", () -> first.requests("/api/ps") > 0);
        }
        second.clearFault();
        assertThat(gateway.get("/olla/ollama/api/ps").statusCode()).isEqualTo(200);
    }

    @Test
    void noOllamaThatIsUpIsAnOutage() {
        try (TestGateway withoutOllamas = TestGateway.before(other)) {
            assertThat(withoutOllamas.get("/olla/ollama/api/ps").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void onlyReadingIsAllowed() {
        HttpResponse<String> answer = gateway.post("/olla/ollama/api/ps", "{}");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }
}
