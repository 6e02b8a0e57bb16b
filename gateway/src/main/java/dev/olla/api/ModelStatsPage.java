package dev.olla.api;

import dev.olla.http.Exchange;
import dev.olla.telemetry.ModelFigures;
import dev.olla.telemetry.ModelStatistics;
import dev.olla.telemetry.UseFigures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How much each model was asked for: `/internal/stats/models`.
public final class ModelStatsPage {

    private static final Duration ACTIVE = Duration.ofHours(1);

    private final ModelStatistics statistics;
    private final InstantSource clock;

    public ModelStatsPage(ModelStatistics statistics, InstantSource clock) {
        this.statistics = statistics;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        Query query = new Query(exchange);
        boolean endpoints = query.is("include_endpoints", "true");
        boolean summary = query.is("include_summary", "true");
        Instant now = clock.instant();
        List<ModelFigures> models = statistics.models();
        Json.respond(
                exchange,
                new Page(
                        HumanFormat.timestamp(now),
                        models.stream()
                                .map(model -> item(model, endpoints, now))
                                .toList(),
                        summary ? byName(statistics.endpoints(), now) : Map.of(),
                        summary(models, now)));
    }

    private static Item item(ModelFigures model, boolean withEndpoints, Instant now) {
        return new Item(
                model.model(),
                model.requests(),
                model.successes(),
                model.failures(),
                rate(model.successes(), model.failures()),
                HumanFormat.bytes(model.bytes()),
                HumanFormat.latency(model.averageMillis()),
                HumanFormat.latency(model.p95Millis()),
                HumanFormat.latency(model.p99Millis()),
                HumanFormat.ago(model.lastRequested(), now),
                model.clients(),
                model.hits(),
                model.misses(),
                model.fallbacks(),
                model.tokens().inputTokens(),
                model.tokens().outputTokens(),
                tenths(model.tokens().averageTokensPerSecond()),
                model.tokens().averageFirstTokenMillis(),
                model.tokens().averageLoadMillis(),
                withEndpoints ? byName(model.endpoints(), now) : null);
    }

    private static @Nullable Double tenths(@Nullable Double value) {
        return value == null ? null : Double.valueOf(Math.round(value * 10) / 10.0);
    }

    private static Map<String, Use> byName(List<UseFigures> figures, Instant now) {
        Map<String, Use> byName = new TreeMap<>();
        for (UseFigures use : figures) {
            byName.put(
                    use.endpoint(),
                    new Use(
                            use.endpoint(),
                            use.requests(),
                            use.successPercent(),
                            HumanFormat.latency(use.averageMillis()),
                            HumanFormat.ago(use.lastUsed(), now),
                            use.consecutiveErrors()));
        }
        return byName;
    }

    private static Summary summary(List<ModelFigures> models, Instant now) {
        long successes = models.stream().mapToLong(ModelFigures::successes).sum();
        long failures = models.stream().mapToLong(ModelFigures::failures).sum();
        return new Summary(
                models.size(),
                models.stream().filter(model -> isActive(model, now)).count(),
                models.stream().mapToLong(ModelFigures::requests).sum(),
                rate(successes, failures),
                HumanFormat.bytes(models.stream().mapToLong(ModelFigures::bytes).sum()),
                models.isEmpty() ? "" : models.getFirst().model(),
                models.isEmpty() ? "" : models.getLast().model());
    }

    static boolean isActive(ModelFigures model, Instant now) {
        return !model.lastRequested().isBefore(now.minus(ACTIVE));
    }

    private static String rate(long successes, long failures) {
        return new SuccessRate(successes, failures).shown();
    }

    record Page(String timestamp, List<Item> models, Map<String, Use> endpoints, Summary summary) {}

    record Item(
            String name,
            long totalRequests,
            long successfulRequests,
            long failedRequests,
            String successRate,
            String totalTraffic,
            String averageLatency,
            String p95Latency,
            String p99Latency,
            String lastRequested,
            long uniqueClients,
            long routingHits,
            long routingMisses,
            long routingFallbacks,
            long inputTokens,
            long outputTokens,
            @Nullable Double avgTokensPerSecond,
            @Nullable Long avgTtftMs,
            @Nullable Long avgLoadMs,
            @Nullable Map<String, Use> endpointBreakdown) {}

    record Use(
            String endpointName,
            long requestCount,
            double successRate,
            String averageLatency,
            String lastUsed,
            long consecutiveErrors) {}

    record Summary(
            int totalModels,
            long activeModels,
            long totalRequests,
            String overallSuccessRate,
            String totalTraffic,
            String mostPopularModel,
            String leastPopularModel) {}
}
