package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.telemetry.EndpointStatistics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every endpoint with its figures: `/internal/status/endpoints`.
public final class EndpointsPage {

    private static final int MANY_FAILURES = 3;

    private final Fleet fleet;
    private final InstantSource clock;

    public EndpointsPage(Fleet fleet, InstantSource clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        ConditionalJson.respond(exchange, page());
    }

    private Page page() {
        Instant now = clock.instant();
        List<ShownEndpoint> endpoints = ShownEndpoint.all(fleet.snapshot());
        return new Page(
                HumanFormat.timestamp(now),
                endpoints.size(),
                endpoints.stream().filter(ShownEndpoint::healthy).count(),
                endpoints.stream().filter(ShownEndpoint::routable).count(),
                endpoints.stream().map(shown -> item(shown, now)).toList());
    }

    static Item item(ShownEndpoint shown, Instant now) {
        EndpointState state = shown.state();
        EndpointStatistics figures = shown.statistics();
        Instant checked = state.lastCheck();
        Instant listed = state.modelsUpdated();
        Duration probe = state.probeTook();
        return new Item(
                state.endpoint().id(),
                state.endpoint().name(),
                state.profile().name(),
                shown.configuredType(),
                shown.url(),
                shown.status(),
                state.endpoint().priority(),
                state.models().size(),
                figures.requests(),
                figures.clientsLeft(),
                SuccessRate.of(figures).shown(),
                shown.averageMillis(),
                figures.minMillis(),
                figures.maxMillis(),
                state.endpoint().inFlight().get(),
                state.limit(),
                state.endpoint().places().running(),
                state.endpoint().places().queued(),
                checked == null ? "" : HumanFormat.ago(checked, now),
                checked == null ? null : HumanFormat.timestamp(checked),
                probe == null ? null : HumanFormat.latency(probe.toMillis()),
                state.nextCheck() == null ? null : HumanFormat.timestamp(state.nextCheck()),
                listed == null ? null : HumanFormat.ago(listed, now),
                listed == null ? null : HumanFormat.timestamp(listed),
                issue(shown),
                shown.advice());
    }

    /// The gravest, in a word; null where there is none.
    private static @Nullable String issue(ShownEndpoint shown) {
        if (shown.healthy() && shown.state().consecutiveFailures() == 0) {
            return null;
        }
        if (shown.unavailable()) {
            return "unavailable";
        }
        if (shown.state().consecutiveFailures() > MANY_FAILURES) {
            return "unstable";
        }
        return shown.oftenFails() ? "low success rate" : null;
    }

    record Page(String timestamp, int totalCount, long healthyCount, long routableCount, List<Item> endpoints) {}

    record Item(
            String id,
            String name,
            String type,
            @Nullable String configuredType,
            String url,
            String status,
            int priority,
            int modelCount,
            long requestCount,
            long requestsClientLeft,
            String successRate,
            @Nullable Long avgLatencyMs,
            long minLatencyMs,
            long maxLatencyMs,
            int activeConnections,
            int limit,
            int inFlight,
            int queued,
            String healthCheck,
            @Nullable String healthCheckAt,
            @Nullable String responseTime,
            @Nullable String nextCheckAt,
            @Nullable String lastModelSync,
            @Nullable String lastModelSyncAt,
            @Nullable String issues,
            @Nullable List<String> advice) {}
}
