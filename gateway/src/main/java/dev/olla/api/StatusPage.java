package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.telemetry.EndpointStatistics;
import dev.olla.telemetry.QueueFigures;
import dev.olla.telemetry.SystemStatistics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The whole system at one glance: `/internal/status`.
public final class StatusPage {

    private static final int MANY_VIOLATIONS = 100;
    private static final int MANY_BLOCKED = 10;
    private static final int MANY_FAILURES = 3;
    private static final int SLOW_MILLIS = 5000;

    private final Fleet fleet;
    private final SystemStatistics statistics;
    private final ServiceInfo service;
    private final Supplier<ConfigStatus> config;
    private final Supplier<QueueFigures> queue;
    private final InstantSource clock;

    public StatusPage(
            Fleet fleet,
            SystemStatistics statistics,
            ServiceInfo service,
            Supplier<ConfigStatus> config,
            Supplier<QueueFigures> queue,
            InstantSource clock) {
        this.fleet = fleet;
        this.statistics = statistics;
        this.service = service;
        this.config = config;
        this.queue = queue;
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
                new Proxy(service.engine(), service.profile(), service.balancer()),
                endpoints.stream().map(shown -> item(shown, now)).toList(),
                security(),
                system(endpoints, now),
                queue(),
                config());
    }

    private Configuration config() {
        ConfigStatus status = config.get();
        ConfigStatus.Reload reload = status.lastReload();
        return new Configuration(
                HumanFormat.timestamp(status.loadedAt()),
                status.source() == null ? "built-in defaults" : status.source(),
                reload == null
                        ? null
                        : new LastReload(HumanFormat.timestamp(reload.at()), reload.word(), reload.errors()));
    }

    private Queue queue() {
        QueueFigures figures = queue.get();
        return new Queue(
                figures.waiting(),
                figures.bytes(),
                figures.maxLength(),
                figures.models().stream()
                        .map(each -> new WaitedFor(each.model(), each.waiting(), each.oldestMillis()))
                        .toList());
    }

    private Security security() {
        long rate = statistics.rateLimitViolations();
        long size = statistics.sizeLimitViolations();
        long blocked = statistics.blockedClients();
        return new Security(elevated(statistics) ? "elevated" : "normal", blocked, new Violations(rate, size));
    }

    static boolean elevated(SystemStatistics statistics) {
        return statistics.rateLimitViolations() + statistics.sizeLimitViolations() > MANY_VIOLATIONS
                || statistics.blockedClients() > MANY_BLOCKED;
    }

    private SystemFigures system(List<ShownEndpoint> endpoints, Instant now) {
        EndpointStatistics requests = statistics.requests();
        SuccessRate rate = SuccessRate.of(requests);
        long up = endpoints.stream().filter(ShownEndpoint::routable).count();
        return new SystemFigures(
                HumanFormat.timestamp(service.startedAt()),
                condition(up, endpoints.size(), rate),
                up + "/" + endpoints.size(),
                rate.shown(),
                HumanFormat.latency(requests.averageMillis()),
                HumanFormat.bytes(requests.bytesRelayed()),
                HumanFormat.uptime(Duration.between(service.startedAt(), now)),
                service.version(),
                service.commit(),
                statistics.active(),
                statistics.rateLimitViolations() + statistics.sizeLimitViolations(),
                requests.requests(),
                requests.failures(),
                requests.clientsLeft(),
                requests.requests() > 0);
    }

    static String condition(long up, int total, SuccessRate rate) {
        double share = total == 0 ? 0 : (double) up / total;
        if (share < 0.5 || rate.below(90)) {
            return "critical";
        }
        return share < 0.8 || rate.below(95) ? "degraded" : "healthy";
    }

    private static Item item(ShownEndpoint shown, Instant now) {
        EndpointState state = shown.state();
        EndpointStatistics figures = shown.statistics();
        return new Item(
                state.endpoint().id(),
                state.endpoint().name(),
                shown.url(),
                shown.status(),
                state.endpoint().priority(),
                state.endpoint().inFlight().get(),
                state.limit(),
                state.endpoint().places().running(),
                state.endpoint().places().queued(),
                figures.requests(),
                figures.clientsLeft(),
                SuccessRate.of(figures).shown(),
                HumanFormat.latency(figures.averageMillis()),
                shown.averageMillis(),
                figures.minMillis(),
                figures.maxMillis(),
                tenths(figures.tokens().averageTokensPerSecond()),
                figures.tokens().averageInputTokens(),
                figures.tokens().averageOutputTokens(),
                figures.tokens().averageLoadMillis(),
                HumanFormat.bytes(figures.bytesRelayed()),
                HumanFormat.ago(state.lastCheck(), now),
                optional(state.lastCheck()),
                HumanFormat.until(state.nextCheck(), now),
                optional(state.nextCheck()),
                issues(shown),
                shown.advice(),
                new Models(
                        HumanFormat.timestamp(state.modelsUpdated()),
                        state.models().size()));
    }

    private static @Nullable Double tenths(@Nullable Double value) {
        return value == null ? null : Double.valueOf(Math.round(value * 10) / 10.0);
    }

    private static String issues(ShownEndpoint shown) {
        List<String> issues = new ArrayList<>();
        if (shown.state().consecutiveFailures() > MANY_FAILURES) {
            issues.add("consecutive failures");
        }
        if (shown.oftenFails()) {
            issues.add("low success rate");
        }
        if (shown.statistics().averageMillis() > SLOW_MILLIS) {
            issues.add("high latency");
        }
        if (shown.unavailable()) {
            issues.add("unavailable");
        }
        return String.join(", ", issues);
    }

    private static @Nullable String optional(@Nullable Instant moment) {
        return moment == null ? null : HumanFormat.timestamp(moment);
    }

    record Page(
            String timestamp,
            Proxy proxy,
            List<Item> endpoints,
            Security security,
            SystemFigures system,
            Queue queue,
            Configuration config) {}

    record Queue(int waiting, long bytes, int maxLength, List<WaitedFor> models) {}

    record WaitedFor(String model, int waiting, long oldestMs) {}

    record Configuration(
            String loadedAt, String source, @Nullable LastReload lastReload) {}

    record LastReload(String at, String status, List<String> errors) {}

    record Proxy(String engine, String profile, String balancer) {}

    record Security(String status, long blockedIps, Violations violations) {}

    record Violations(long rateLimits, long sizeLimits) {}

    record SystemFigures(
            String startTime,
            String status,
            String endpointsUp,
            String successRate,
            String avgLatency,
            String totalTraffic,
            String uptime,
            String version,
            String commit,
            long activeConnections,
            long securityViolations,
            long totalRequests,
            long totalFailures,
            long requestsClientLeft,
            boolean hasTraffic) {}

    record Item(
            String id,
            String name,
            String url,
            String status,
            int priority,
            int connections,
            int limit,
            int inFlight,
            int queued,
            long requests,
            long requestsClientLeft,
            String successRate,
            String avgLatency,
            @Nullable Long avgLatencyMs,
            long minLatencyMs,
            long maxLatencyMs,
            @Nullable Double avgTokensPerSecond,
            @Nullable Long avgPromptTokens,
            @Nullable Long avgCompletionTokens,
            @Nullable Long avgLoadMs,
            String traffic,
            String lastCheck,
            @Nullable String healthCheckAt,
            String nextCheck,
            @Nullable String nextCheckAt,
            String issues,
            @Nullable List<String> advice,
            Models models) {}

    record Models(String lastUpdated, int count) {}
}
