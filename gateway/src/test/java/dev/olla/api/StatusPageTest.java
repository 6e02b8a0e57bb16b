package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import dev.olla.telemetry.QueueFigures;
import dev.olla.telemetry.SystemStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class StatusPageTest {

    private static final ServiceInfo SERVICE = new ServiceInfo(
            "v1.0.0", "deadbee", "2031-02-01", "olla", "auto", "priority", Instant.parse("2031-02-03T01:00:00Z"));

    private final FakeFleet fleet = new FakeFleet();
    private final SystemStatistics statistics = new SystemStatistics();
    private final StatusPage page = new StatusPage(
            fleet,
            statistics,
            SERVICE,
            () -> new ConfigStatus(FakeFleet.NOW, "config.yaml", null),
            () -> QueueFigures.NONE,
            () -> FakeFleet.NOW);

    private JsonNode page() {
        FakeExchange exchange = FakeExchange.get("/internal/status");
        page.handle(exchange);
        assertThat(exchange.status()).isEqualTo(200);
        return exchange.json();
    }

    @Test
    void showsSystemAndEndpointsInTheAgreedShape() {
        Endpoint endpoint = FakeFleet.endpoint("rack-a", FakeFleet.OLLAMA, 80, 0, "http://rack-a:11434");
        fleet.add(new EndpointState(
                endpoint,
                EndpointStatus.HEALTHY,
                0,
                FakeFleet.NOW,
                Duration.ofMillis(12),
                FakeFleet.NOW.plusSeconds(4),
                Collections.nCopies(4, FakeFleet.model("m")),
                FakeFleet.LISTED,
                null));
        endpoint.inFlight().incrementAndGet();
        for (int i = 0; i < 41; i++) {
            statistics.started();
            endpoint.statistics().started();
        }
        for (int i = 0; i < 39; i++) {
            long millis = i == 0 ? 90 : i == 1 ? 530 : 310;
            statistics.succeeded(millis, i == 0 ? 5_452_595 : 0);
            endpoint.statistics().succeeded(millis, i == 0 ? 5_452_595 : 0);
        }
        statistics.failed();
        endpoint.statistics().failed();
        statistics.rateLimitViolated("192.0.2.1");
        statistics.rateLimitViolated("192.0.2.1");

        assertThat(page()).isEqualTo(Json.MAPPER.readTree("""
                {"timestamp":"2031-02-03T04:05:06Z","proxy":{"engine":"olla","profile":"auto","balancer":"priority"},
                 "endpoints":[{"id":"id-rack-a","name":"rack-a","url":"http://rack-a:11434","status":"healthy",
                  "priority":80,"connections":1,"limit":0,"in_flight":0,"queued":0,"requests":41,"requests_client_left":0,"success_rate":"97.5%",
                  "avg_latency":"310ms","avg_latency_ms":310,"min_latency_ms":90,"max_latency_ms":530,
                  "traffic":"5.20 MB","last_check":"0s ago","health_check_at":"2031-02-03T04:05:06Z",
                  "next_check":"in 4s","next_check_at":"2031-02-03T04:05:10Z","issues":"",
                  "models":{"last_updated":"2031-02-03T04:00:00Z","count":4}}],
                 "security":{"status":"normal","blocked_ips":1,"violations":{"rate_limits":2,"size_limits":0}},
                 "system":{"start_time":"2031-02-03T01:00:00Z","status":"healthy","endpoints_up":"1/1",
                  "success_rate":"97.5%","avg_latency":"310ms","total_traffic":"5.20 MB","uptime":"3h 5m",
                  "version":"v1.0.0","commit":"deadbee","active_connections":1,"security_violations":2,
                  "total_requests":41,"total_failures":1,"requests_client_left":0,"has_traffic":true},
                 "queue":{"waiting":0,"bytes":0,"max_length":0,"models":[]},
                 "config":{"loaded_at":"2031-02-03T04:05:06Z","source":"config.yaml"}}
                """));
    }

    @Test
    void withoutTrafficTheRateIsUnknown() {
        fleet.add("rack-a", FakeFleet.OLLAMA, 100);

        JsonNode page = page();

        assertThat(page.at("/system/success_rate").asString()).isEqualTo("N/A");
        assertThat(page.at("/system/has_traffic").asBoolean()).isFalse();
        assertThat(page.at("/endpoints/0/success_rate").asString()).isEqualTo("N/A");
        assertThat(page.at("/endpoints/0").has("avg_latency_ms")).isFalse();
        assertThat(page.at("/endpoints/0/traffic").asString()).isEqualTo("0 B");
    }

    @Test
    void aClientThatLeftLowersNoRate() {
        statistics.started();
        statistics.clientLeft();

        assertThat(page().at("/system/success_rate").asString()).isEqualTo("N/A");
        assertThat(page().at("/system/requests_client_left").asInt()).isEqualTo(1);
    }

    @Test
    void aSystemWithoutEndpointsIsCritical() {
        assertThat(page().at("/system/status").asString()).isEqualTo("critical");
        assertThat(page().at("/system/endpoints_up").asString()).isEqualTo("0/0");
    }

    @Test
    void theSystemIsAsGoodAsTheShareOfItsEndpoints() {
        Endpoint first = fleet.add("a", FakeFleet.OLLAMA, 100);
        Endpoint second = fleet.add("b", FakeFleet.OLLAMA, 100);
        fleet.add("c", FakeFleet.OLLAMA, 100);
        fleet.set(second, EndpointStatus.BUSY);
        assertThat(page().at("/system/status").asString()).isEqualTo("healthy");

        fleet.set(first, EndpointStatus.OFFLINE);
        assertThat(page().at("/system/status").asString()).isEqualTo("degraded");
        assertThat(page().at("/system/endpoints_up").asString()).isEqualTo("2/3");

        fleet.set(second, EndpointStatus.CONFIG_ERROR);
        assertThat(page().at("/system/status").asString()).isEqualTo("critical");
    }

    @Test
    void manyFailuresMakeTheSystemCritical() {
        fleet.add("a", FakeFleet.OLLAMA, 100);
        for (int i = 0; i < 8; i++) {
            statistics.started();
            statistics.succeeded(1, 1);
        }
        statistics.started();
        statistics.failed();

        assertThat(page().at("/system/status").asString()).isEqualTo("critical");
    }

    @Test
    void manyViolationsElevateTheSecurityStatus() {
        for (int i = 0; i < 101; i++) {
            statistics.sizeLimitViolated();
        }

        assertThat(page().at("/security/status").asString()).isEqualTo("elevated");
        assertThat(page().at("/system/security_violations").asInt()).isEqualTo(101);
    }

    @Test
    void anEndpointThatLiveTrafficEjectedIsNotUp() {
        Endpoint endpoint = fleet.add("a", FakeFleet.OLLAMA, 100);
        endpoint.breaker().passAnyway().failed();

        assertThat(page().at("/endpoints/0/status").asString()).isEqualTo("ejected");
        assertThat(page().at("/system/endpoints_up").asString()).isEqualTo("0/1");
    }

    @Test
    void whatTheProbeFoundGoesBeforeAnEjection() {
        Endpoint endpoint = fleet.add("a", FakeFleet.OLLAMA, 100);
        endpoint.breaker().passAnyway().failed();
        fleet.set(endpoint, EndpointStatus.OFFLINE);

        assertThat(page().at("/endpoints/0/status").asString()).isEqualTo("offline");
    }

    @Test
    void everyIssueIsNamed() {
        Endpoint endpoint = FakeFleet.endpoint("a", FakeFleet.OLLAMA, 1, 0, "http://u:p@a:1/base?key=secret#f");
        fleet.add(new EndpointState(
                endpoint, EndpointStatus.UNHEALTHY, 4, null, null, null, List.of(), null, "404: set model_url"));
        for (int i = 0; i < 11; i++) {
            endpoint.statistics().started();
            endpoint.statistics().failed();
        }
        endpoint.statistics().succeeded(5001, 0);

        JsonNode item = page().at("/endpoints/0");

        assertThat(item.path("issues").asString())
                .isEqualTo("consecutive failures, low success rate, high latency, unavailable");
        assertThat(item.path("advice").path(0).asString()).isEqualTo("404: set model_url");
        assertThat(item.path("url").asString()).isEqualTo("http://a:1/base");
        assertThat(item.path("last_check").asString()).isEqualTo("never");
        assertThat(item.path("next_check").asString()).isEqualTo("unknown");
        assertThat(item.has("health_check_at")).isFalse();
        assertThat(item.at("/models/last_updated").asString()).isEqualTo("0001-01-01T00:00:00Z");
    }

    @Test
    void endpointsComeByPriorityThenHealthyFirstThenByName() {
        Endpoint down = fleet.add("a", FakeFleet.OLLAMA, 50);
        fleet.add("c", FakeFleet.OLLAMA, 50);
        fleet.add("b", FakeFleet.OLLAMA, 50);
        fleet.add("z", FakeFleet.OLLAMA, 80);
        fleet.set(down, EndpointStatus.OFFLINE);

        assertThat(page().path("endpoints").findValuesAsString("name")).containsExactly("z", "b", "c", "a");
    }
}
