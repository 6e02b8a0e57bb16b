package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.telemetry.EndpointStatistics;
import dev.olla.telemetry.ModelFigures;
import dev.olla.telemetry.ModelStatistics;
import dev.olla.telemetry.SystemStatistics;
import dev.olla.telemetry.TranslatorFigures;
import dev.olla.telemetry.TranslatorStatistics;
import dev.olla.telemetry.UseFigures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// All figures for Prometheus: `/internal/metrics`. They are those of the status pages.
public final class MetricsPage {

    private final Fleet fleet;
    private final SystemStatistics statistics;
    private final ModelStatistics models;
    private final TranslatorStatistics translators;
    private final ServiceInfo service;
    private final QueueMetrics queue;
    private final InstantSource clock;

    public MetricsPage(
            Fleet fleet,
            SystemStatistics statistics,
            ModelStatistics models,
            TranslatorStatistics translators,
            QueueMetrics queue,
            ServiceInfo service,
            InstantSource clock) {
        this.fleet = fleet;
        this.queue = queue;
        this.statistics = statistics;
        this.models = models;
        this.translators = translators;
        this.service = service;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        Headers headers = Headers.of("Content-Type", MetricsText.CONTENT_TYPE, "Cache-Control", "no-store");
        exchange.respond(200, headers, text().getBytes(StandardCharsets.UTF_8));
    }

    private String text() {
        MetricsText text = new MetricsText();
        Instant now = clock.instant();
        List<ShownEndpoint> endpoints = ShownEndpoint.all(fleet.snapshot());
        List<ModelFigures> used = models.models();
        system(text, endpoints, now);
        security(text);
        endpoints(text, endpoints);
        allModels(text, used, now);
        models(text, used);
        modelEndpoints(text, used);
        tokens(text, used);
        translators(text, translators.figures());
        queue.writeTo(text);
        return text.toString();
    }

    private void system(MetricsText text, List<ShownEndpoint> endpoints, Instant now) {
        EndpointStatistics requests = statistics.requests();
        SuccessRate rate = SuccessRate.of(requests);
        long up = endpoints.stream().filter(ShownEndpoint::routable).count();
        text.gauge("info", "The build and its configuration.")
                .sample(
                        1,
                        "version",
                        service.version(),
                        "commit",
                        service.commit(),
                        "engine",
                        service.engine(),
                        "profile",
                        service.profile(),
                        "balancer",
                        service.balancer());
        text.gauge("system_status", "2 healthy, 1 degraded, 0 critical.")
                .sample(statusNumber(StatusPage.condition(up, endpoints.size(), rate)));
        text.gauge("endpoints_total", "Configured endpoints.").sample(endpoints.size());
        text.gauge("endpoints_healthy", "Endpoints that take requests.").sample(up);
        text.counter("requests_total", "Requests to the fleet.").sample(requests.requests());
        text.counter("failures_total", "Requests that failed.").sample(requests.failures());
        text.gauge("success_rate_percent", "Share of the requests that succeeded.")
                .sample(percent(rate));
        text.gauge("avg_latency_ms", "Mean latency of the successes.").sample(requests.averageMillis());
        text.gauge("total_traffic_bytes", "Bytes of answers relayed.").sample(requests.bytesRelayed());
        text.gauge("uptime_seconds", "Since the start.")
                .sample(Duration.between(service.startedAt(), now).toMillis() / 1000.0);
        text.gauge("active_connections", "Requests under way.").sample(statistics.active());
    }

    private static int statusNumber(String condition) {
        return switch (condition) {
            case "healthy" -> 2;
            case "degraded" -> 1;
            default -> 0;
        };
    }

    private void security(MetricsText text) {
        long rate = statistics.rateLimitViolations();
        long size = statistics.sizeLimitViolations();
        text.counter("security_violations_total", "Requests refused for their number or size.")
                .sample(rate + size);
        text.counter("security_rate_limit_violations_total", "Requests refused for their number.")
                .sample(rate);
        text.counter("security_size_limit_violations_total", "Requests refused for their size.")
                .sample(size);
        text.gauge("security_blocked_ips", "Clients refused for the number of their requests within an hour.")
                .sample(statistics.blockedClients());
        text.gauge("security_status", "1 normal, 0 elevated.").sample(StatusPage.elevated(statistics) ? 0 : 1);
    }

    private static void endpoints(MetricsText text, List<ShownEndpoint> endpoints) {
        text.gauge("endpoint_up", "Whether the endpoint takes requests.");
        for (ShownEndpoint shown : endpoints) {
            text.sample(shown.routable() ? 1 : 0, "endpoint", name(shown), "status", shown.status());
        }
        text.counter("endpoint_requests_total", "Attempts at the endpoint.");
        each(text, endpoints, shown -> shown.statistics().requests());
        text.gauge("endpoint_connections", "Attempts under way.");
        each(text, endpoints, shown -> shown.state().endpoint().inFlight().get());
        text.gauge("endpoint_success_rate_percent", "Share of the attempts that succeeded.");
        each(text, endpoints, shown -> percent(SuccessRate.of(shown.statistics())));
        text.gauge("endpoint_avg_latency_ms", "Mean latency of the successes.");
        each(text, endpoints, shown -> shown.statistics().averageMillis());
        text.counter("endpoint_traffic_bytes", "Bytes of answers relayed.");
        each(text, endpoints, shown -> shown.statistics().bytesRelayed());
        text.gauge("endpoint_priority", "As configured.");
        each(text, endpoints, shown -> shown.state().endpoint().priority());
        text.gauge("endpoint_models_count", "Models that the endpoint lists.");
        each(text, endpoints, shown -> shown.state().models().size());
    }

    private static void translators(MetricsText text, List<TranslatorFigures> formats) {
        text.counter("translator_requests_total", "Requests of the format, by how they were put to servers.");
        for (TranslatorFigures format : formats) {
            text.sample(format.passthrough(), "translator", format.name(), "mode", "passthrough");
            text.sample(format.translations(), "translator", format.name(), "mode", "translation");
        }
        text.counter("translator_failures_total", "Requests of the format that failed.");
        formats.forEach(format -> text.sample(format.failures(), "translator", format.name()));
    }

    private static double percent(SuccessRate rate) {
        return rate.known() ? rate.percent() : 0;
    }

    private static String name(ShownEndpoint shown) {
        return shown.state().endpoint().name();
    }

    private static void each(MetricsText text, List<ShownEndpoint> endpoints, ToDoubleFunction<ShownEndpoint> value) {
        for (ShownEndpoint shown : endpoints) {
            text.sample(value.applyAsDouble(shown), "endpoint", name(shown));
        }
    }

    private static void allModels(MetricsText text, List<ModelFigures> models, Instant now) {
        long successes = models.stream().mapToLong(ModelFigures::successes).sum();
        long failures = models.stream().mapToLong(ModelFigures::failures).sum();
        text.gauge("models_total", "Models that were asked for.").sample(models.size());
        text.gauge("models_active", "Models that were asked for within an hour.")
                .sample(models.stream()
                        .filter(model -> ModelStatsPage.isActive(model, now))
                        .count());
        text.counter("models_requests_total", "Requests for all models.")
                .sample(models.stream().mapToLong(ModelFigures::requests).sum());
        text.gauge("models_success_rate_percent", "Share of them that succeeded.")
                .sample(percent(new SuccessRate(successes, failures)));
        text.counter("models_traffic_bytes", "Bytes of their answers relayed.")
                .sample(models.stream().mapToLong(ModelFigures::bytes).sum());
    }

    private static void models(MetricsText text, List<ModelFigures> models) {
        text.counter("model_requests_total", "Requests for the model.");
        ofEach(text, models, ModelFigures::requests);
        text.counter("model_successful_requests_total", "Those that succeeded.");
        ofEach(text, models, ModelFigures::successes);
        text.counter("model_failed_requests_total", "Those that failed.");
        ofEach(text, models, ModelFigures::failures);
        text.gauge("model_success_rate_percent", "Share of them that succeeded.");
        ofEach(text, models, model -> percent(new SuccessRate(model.successes(), model.failures())));
        text.counter("model_traffic_bytes", "Bytes of answers relayed.");
        ofEach(text, models, ModelFigures::bytes);
        text.gauge("model_avg_latency_ms", "Mean latency of the successes.");
        ofEach(text, models, ModelFigures::averageMillis);
        text.gauge("model_p95_latency_ms", "What 95 of 100 successes don't exceed.");
        ofEach(text, models, ModelFigures::p95Millis);
        text.gauge("model_p99_latency_ms", "What 99 of 100 successes don't exceed.");
        ofEach(text, models, ModelFigures::p99Millis);
        text.gauge("model_unique_clients", "Addresses that asked for it.");
        ofEach(text, models, ModelFigures::clients);
        text.counter("model_routing_hits_total", "Requests whose first attempt succeeded.");
        ofEach(text, models, ModelFigures::hits);
        text.counter("model_routing_misses_total", "Requests that needed another endpoint.");
        ofEach(text, models, ModelFigures::misses);
        text.counter("model_routing_fallbacks_total", "Requests sent to who is not known to hold it.");
        ofEach(text, models, ModelFigures::fallbacks);
    }

    private static void ofEach(MetricsText text, List<ModelFigures> models, ToDoubleFunction<ModelFigures> value) {
        for (ModelFigures model : models) {
            text.sample(value.applyAsDouble(model), "model", model.model());
        }
    }

    private static void modelEndpoints(MetricsText text, List<ModelFigures> models) {
        text.counter("model_endpoint_requests_total", "Attempts at the endpoint for the model.");
        ofEachUse(text, models, UseFigures::requests);
        text.gauge("model_endpoint_success_rate_percent", "Share of them that succeeded.");
        ofEachUse(text, models, UseFigures::successPercent);
        text.gauge("model_endpoint_avg_latency_ms", "Mean latency of the successes.");
        ofEachUse(text, models, UseFigures::averageMillis);
        text.gauge("model_endpoint_consecutive_errors", "Failures since the last success.");
        ofEachUse(text, models, UseFigures::consecutiveErrors);
    }

    private static void tokens(MetricsText text, List<ModelFigures> models) {
        text.counter("tokens_total", "Tokens that answers told of.");
        for (ModelFigures model : models) {
            for (UseFigures use : model.endpoints()) {
                String[] labels = {"model", model.model(), "endpoint", use.endpoint(), "direction", "input"};
                text.sample(use.inputTokens(), labels);
                labels[5] = "output";
                text.sample(use.outputTokens(), labels);
            }
        }
        text.summary("model_load_seconds", "Loading times that answers told of.");
        for (ModelFigures model : models) {
            text.part("_sum", model.tokens().loadMillisTogether() / 1000.0, "model", model.model());
            text.part("_count", model.tokens().loads(), "model", model.model());
        }
    }

    private static void ofEachUse(MetricsText text, List<ModelFigures> models, ToDoubleFunction<UseFigures> value) {
        for (ModelFigures model : models) {
            for (UseFigures use : model.endpoints()) {
                text.sample(value.applyAsDouble(use), "model", model.model(), "endpoint", use.endpoint());
            }
        }
    }
}
