package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What users write into files in `config/profiles` is what the running gateway does.
class ProfileEffectsTest {

    private static final Duration TOO_LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private void profile(String file, String yaml) throws IOException {
        Path path = folder.resolve("config/profiles").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, yaml);
    }

    private static String chat(String model) {
        return "{\"model\":\"" + model + "\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static void awaitModel(TestGateway gateway, String model) {
        Eventually.await(
                model + " is listed", () -> gateway.get("/olla/models").body().contains("\"" + model + "\""));
    }

    @Test
    void theTimeoutOfAKindLimitsTheWaitForTheFirstByteAndIsNamed() throws IOException {
        profile("ollama-custom.yaml", "name: ollama\ncharacteristics: {timeout: 300ms}\n");
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .timeToFirstToken(TOO_LONG)
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "qwen3:8b");
            HttpResponse<String> answer = gateway.post("/olla/ollama/v1/chat/completions", chat("qwen3:8b"));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body())
                    .contains("profiles.ollama.characteristics.timeout exceeded at endpoint box")
                    .doesNotContain("proxy.");
        }
    }

    @Test
    void anotherKindKeepsTheLimitOfTheConfiguration() throws IOException {
        profile("ollama-custom.yaml", "name: ollama\ncharacteristics: {timeout: 10m}\n");
        try (SimulatedServer slow = SimulatedServer.vllm("slow")
                        .model("other")
                        .timeToFirstToken(TOO_LONG)
                        .start();
                SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .timeToFirstToken(Duration.ofMillis(600))
                        .start();
                TestGateway gateway = TestGateway.in(
                        folder, "proxy: {response_header_timeout: 300ms}\n" + TestGateway.endpoints(slow, server))) {
            awaitModel(gateway, "qwen3:8b");
            awaitModel(gateway, "other");
            assertThat(gateway.post("/olla/proxy/v1/chat/completions", chat("qwen3:8b"))
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> answer = gateway.post("/olla/proxy/v1/chat/completions", chat("other"));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.response_header_timeout exceeded at endpoint slow");
        }
    }

    @Test
    void aModelThatIsToBeLoadedHasItsLoadingTimeOnTop() throws IOException {
        profile("ollama-custom.yaml", "name: ollama\ncharacteristics: {timeout: 300ms}\n");
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .coldLoad(Duration.ofMillis(900))
                        .tokens(1)
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "qwen3:8b");
            awaitUnloaded(gateway, "qwen3:8b");
            assertThat(gateway.post("/olla/ollama/v1/chat/completions", chat("qwen3:8b"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theLoadingTimeCountsOnlyWhereTheProfileSaysSo() throws IOException {
        profile("ollama-custom.yaml", """
                name: ollama
                characteristics: {timeout: 300ms}
                resources: {timeout_scaling: {load_time_buffer: false}}
                """);
        try (SimulatedServer server = SimulatedServer.ollama("box")
                        .model("qwen3:8b")
                        .coldLoad(TOO_LONG)
                        .start();
                TestGateway gateway = TestGateway.in(folder, TestGateway.endpoints(server))) {
            awaitModel(gateway, "qwen3:8b");
            awaitUnloaded(gateway, "qwen3:8b");
            assertThat(gateway.post("/olla/ollama/v1/chat/completions", chat("qwen3:8b"))
                            .statusCode())
                    .isEqualTo(504);
        }
    }

    private static void awaitUnloaded(TestGateway gateway, String model) {
        Eventually.await(
                "the server said what is in its memory",
                () -> !gateway.gateway()
                        .fleet()
                        .snapshot()
                        .endpoints()
                        .getFirst()
                        .endpoint()
                        .residency()
                        .loaded(model));
    }
}
