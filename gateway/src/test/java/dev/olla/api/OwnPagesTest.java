package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class OwnPagesTest {

    @Test
    void healthIsAlwaysHealthy() {
        FakeExchange exchange = FakeExchange.get("/internal/health");
        new HealthPage().handle(exchange);

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.json().toString()).isEqualTo("{\"status\":\"healthy\"}");
    }

    @Test
    void theVersionNamesTheBuildAndWhatItCanDo() {
        ServiceInfo service =
                new ServiceInfo("v1.0.0", "deadbee", "2031-02-01", "olla", "auto", "priority", Instant.EPOCH);
        FakeExchange exchange = FakeExchange.get("/version");
        new VersionPage(service).handle(exchange);

        JsonNode page = exchange.json();
        assertThat(page.propertyNames())
                .containsExactlyInAnyOrder(
                        "name",
                        "version",
                        "edition",
                        "description",
                        "build",
                        "capabilities",
                        "capabilities_experimental",
                        "supported_backends",
                        "api",
                        "links");
        assertThat(page.path("version").asString()).isEqualTo("v1.0.0");
        assertThat(page.at("/build/commit").asString()).isEqualTo("deadbee");
        assertThat(page.at("/build/date").asString()).isEqualTo("2031-02-01");
        assertThat(page.at("/build/go_version").asString()).startsWith("java ");
        assertThat(page.at("/build/platform").asString()).matches("[a-z]+/[a-z0-9_]+");
        assertThat(page.path("capabilities").toString())
                .isEqualTo("[\"load_balancing\",\"health_checking\",\"rate_limiting\",\"model_unification\","
                        + "\"endpoint_discovery\"]");
        assertThat(page.path("capabilities_experimental")).isEmpty();
        assertThat(page.path("supported_backends").size()).isEqualTo(12);
        assertThat(page.at("/api/version").asString()).isEqualTo("v1");
        assertThat(page.at("/api/endpoints/status").asString()).isEqualTo("/internal/status");
        assertThat(page.path("links").propertyNames()).containsExactly("homepage", "documentation", "releases");
    }
}
