package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/// The dashboard, as long as a build has no files of it.
class DashboardPageTest {

    @Test
    void missingFilesAreSaid() {
        try (SimulatedServer server = SimulatedServer.vllm("v").model("m").start();
                TestGateway gateway = TestGateway.before(server)) {
            HttpResponse<String> page = gateway.get("/internal/ui/");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            HttpResponse<String> withoutSlash = gateway.get("/internal/ui");
            assertThat(withoutSlash.statusCode()).isEqualTo(307);
            assertThat(withoutSlash.headers().firstValue("Location")).hasValue("/internal/ui/");
            assertThat(gateway.post("/internal/ui/", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void aDisabledOneIsNotThere() {
        try (SimulatedServer server = SimulatedServer.vllm("v").model("m").start();
                TestGateway gateway = TestGateway.of("dashboard: {enabled: false}\n" + TestGateway.endpoints(server))) {
            assertThat(gateway.get("/internal/ui/").statusCode()).isEqualTo(404);
        }
    }
}
