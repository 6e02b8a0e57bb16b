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
            assertGuarded(page);
            HttpResponse<String> withoutSlash = gateway.get("/internal/ui");
            assertThat(withoutSlash.statusCode()).isEqualTo(307);
            assertThat(withoutSlash.headers().firstValue("Location")).hasValue("/internal/ui/");
            assertGuarded(withoutSlash);
            HttpResponse<String> wrongMethod = gateway.post("/internal/ui/", "");
            assertThat(wrongMethod.statusCode()).isEqualTo(405);
            assertGuarded(wrongMethod);
            assertThat(gateway.get("/version").headers().firstValue("Content-Security-Policy"))
                    .isEmpty();
        }
    }

    @Test
    void whoeverIsTurnedAwayGetsItsHeadersToo() {
        try (TestGateway gateway = TestGateway.of("dashboard: {access_policy: {allowed_cidrs: [192.0.2.0/24]}}\n"
                + "discovery: {static: {endpoints: []}}\n")) {
            HttpResponse<String> refused = gateway.get("/internal/ui/");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertGuarded(refused);
        }
    }

    private static void assertGuarded(HttpResponse<String> answer) {
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(answer.headers().allValues("X-Frame-Options")).containsExactly("DENY");
        assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(answer.headers().allValues("Content-Security-Policy")).containsExactly("default-src 'self'");
    }

    @Test
    void aDisabledOneIsNotThere() {
        try (SimulatedServer server = SimulatedServer.vllm("v").model("m").start();
                TestGateway gateway = TestGateway.of("dashboard: {enabled: false}\n" + TestGateway.endpoints(server))) {
            assertThat(gateway.get("/internal/ui/").statusCode()).isEqualTo(404);
        }
    }
}
