package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class EndpointsPageTest {

    private final FakeFleet fleet = new FakeFleet();
    private final EndpointsPage page = new EndpointsPage(fleet, () -> FakeFleet.NOW);

    private JsonNode page() {
        FakeExchange exchange = FakeExchange.get("/internal/status/endpoints");
        page.handle(exchange);
        return exchange.json();
    }

    @Test
    void showsEndpointsInTheAgreedShape() {
        fleet.add(new EndpointState(
                FakeFleet.endpoint("rack-a", FakeFleet.OLLAMA, 80, 0, "http://rack-a:11434"),
                EndpointStatus.HEALTHY,
                0,
                FakeFleet.NOW.minusSeconds(6),
                Duration.ofMillis(12),
                null,
                Collections.nCopies(4, FakeFleet.model("m")),
                null,
                null));

        assertThat(page()).isEqualTo(Json.MAPPER.readTree("""
                {"timestamp":"2031-02-03T04:05:06Z","total_count":1,"healthy_count":1,"routable_count":1,"endpoints":[
                 {"id":"id-rack-a","name":"rack-a","type":"ollama","url":"http://rack-a:11434","status":"healthy",
                  "priority":80,"model_count":4,"request_count":0,"requests_client_left":0,"success_rate":"N/A",
                  "min_latency_ms":0,"max_latency_ms":0,"active_connections":0,"limit":0,"in_flight":0,"queued":0,
                  "health_check":"6s ago",
                  "health_check_at":"2031-02-03T04:05:00Z","response_time":"12ms"}]}
                """));
    }

    @Test
    void onlyExactlyHealthyIsCountedHealthy() {
        fleet.set(fleet.add("a", FakeFleet.OLLAMA, 1), EndpointStatus.BUSY);
        fleet.set(fleet.add("b", FakeFleet.OLLAMA, 1), EndpointStatus.WARMING);
        fleet.set(fleet.add("c", FakeFleet.OLLAMA, 1), EndpointStatus.RATE_LIMITED);
        fleet.add("d", FakeFleet.OLLAMA, 1);
        Endpoint ejected = fleet.add("e", FakeFleet.OLLAMA, 1);
        ejected.breaker().passAnyway().failed();

        JsonNode page = page();

        assertThat(page.path("total_count").asInt()).isEqualTo(5);
        assertThat(page.path("healthy_count").asInt()).isEqualTo(1);
        assertThat(page.path("routable_count").asInt()).isEqualTo(3);
    }

    @Test
    void anEndpointThatWasNeverProbedSaysSo() {
        fleet.add(EndpointState.unknown(FakeFleet.endpoint("a", FakeFleet.VLLM, 1, 0, "http://a")));

        JsonNode item = page().at("/endpoints/0");

        assertThat(item.path("status").asString()).isEqualTo("unknown");
        assertThat(item.path("health_check").asString()).isEmpty();
        assertThat(item.has("health_check_at")).isFalse();
        assertThat(item.has("response_time")).isFalse();
        assertThat(item.has("issues")).isFalse();
    }

    @Test
    void theGravestIssueIsNamed() {
        fleet.add(state("a", EndpointStatus.OFFLINE, 9));
        fleet.add(state("b", EndpointStatus.CONFIG_ERROR, 4));
        fleet.add(state("c", EndpointStatus.HEALTHY, 1));

        assertThat(page().path("endpoints").findValuesAsString("issues")).containsExactly("unavailable", "unstable");
    }

    private EndpointState state(String name, EndpointStatus status, int failures) {
        int position = fleet.snapshot().endpoints().size();
        Endpoint endpoint = FakeFleet.endpoint(name, FakeFleet.OLLAMA, 100 - position, position, "http://" + name);
        return new EndpointState(endpoint, status, failures, null, null, null, List.of(), null, null);
    }
}
