package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.ConfigProblem;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The configuration of an existing installation, which writes every section: it starts, and serves.
class ExistingInstallationTest {

    private static String yaml() throws IOException {
        try (InputStream in = ExistingInstallationTest.class.getResourceAsStream("/config/every-section.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void itStartsAndServes() throws IOException {
        try (SimulatedServer ollama = SimulatedServer.ollama("o")
                        .model("llama3.2:latest")
                        .model("nomic-embed-text:latest")
                        .start();
                TestGateway gateway = TestGateway.of(
                        yaml().replace("http://localhost:11434", ollama.uri().toString()))) {
            HttpResponse<String> answer = gateway.post(
                    "/olla/ollama/api/chat", "{\"model\":\"llama3.2:latest\",\"messages\":[],\"stream\":false}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("local-ollama");
            assertThat(gateway.get("/olla/ollama/api/tags").body())
                    .contains("llama3.2:latest")
                    .doesNotContain("nomic-embed-text");
            assertThat(gateway.json("/internal/status").path("endpoints").size())
                    .isEqualTo(3);
            assertThat(gateway.gateway().config().problems())
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING));
        }
    }
}
