package dev.olla.request;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.inspect.Inspection;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.PathRules;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.RouteRequest;
import dev.olla.request.route.RoutingDecision;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.SessionPin;
import dev.olla.telemetry.DecisionRecord;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells where a request would go, without sending anything and without changing anything. Safe for all event
/// loops.
public final class Foresight {

    private final RequestPipeline pipeline;
    private final List<ProviderScope> scopes;

    /// @param scopes of all proxy routes
    public Foresight(RequestPipeline pipeline, List<ProviderScope> scopes) {
        this.pipeline = pipeline;
        this.scopes = List.copyOf(scopes);
    }

    /// Hands the record over on the exchange's event loop; null when the path belongs to no proxy route.
    ///
    /// @param exchange whose body is that of the request in question
    /// @param path as a client would ask, without a query
    public void look(Exchange exchange, String path, Consumer<@Nullable DecisionRecord> told) {
        ProviderScope scope = scope(path);
        if (scope == null) {
            told.accept(null);
            return;
        }
        String stripped = scope.stripped(path);
        Headers headers = exchange.request().headers();
        pipeline.inspector()
                .inspect(exchange.body(), headers, PathRules.isOllamaNative(stripped), exchange.loop(), found -> {
                    if (!exchange.clientGone()) {
                        told.accept(foreseen(
                                exchange,
                                RouteRequest.of(scope, stripped, scope.translatable(stripped), found),
                                found));
                    }
                });
    }

    private @Nullable ProviderScope scope(String path) {
        for (ProviderScope scope : scopes) {
            if (path.startsWith(scope.pathPrefix() + '/')) {
                return scope;
            }
        }
        return null;
    }

    private DecisionRecord foreseen(Exchange exchange, RouteRequest request, Inspection found) {
        RequestTrace trace = pipeline.recorder().begin(request.path());
        trace.routed(pipeline.routes().foresee(request));
        String id = Objects.requireNonNullElse(exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER), "");
        return pipeline.recorder().foreseen(id, trace, found.model(), endpoint(exchange, trace, request, found));
    }

    private @Nullable String endpoint(Exchange exchange, RequestTrace trace, RouteRequest request, Inspection found) {
        if (trace.route() == null || !(trace.route().decision() instanceof RoutingDecision.Routed routed)) {
            return null;
        }
        List<Candidate> candidates = routed.candidates();
        Balancer usual = pipeline.balancer(request.scope(), request.call());
        SessionPin pin = pipeline.sticky().pin(exchange.request(), exchange.peer(), found, usual);
        Balancer balancer = pin == null ? usual : pin;
        trace.selecting(candidates, balancer, pin);
        List<Candidate> able = candidates.stream()
                .filter(candidate -> candidate.endpoint().breaker().admits())
                .toList();
        return balancer.foresee(able.isEmpty() ? candidates : able).endpoint().name();
    }
}
