package dev.olla.request;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.request.admit.ClientAddresses;
import dev.olla.request.inspect.Inspector;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.RouteFinder;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.EndpointRates;
import dev.olla.request.select.StickySessions;
import dev.olla.request.select.WaitingRoom;
import dev.olla.request.send.RequestLimits;
import dev.olla.request.send.Sender;
import dev.olla.request.stream.AnswerHeaders;
import dev.olla.telemetry.RequestLog;

/// The path of a proxied request: admit, inspect, route, select, send, stream.
///
/// Holds what all requests share; [ProxiedRequest] walks one of them along. Safe for all event loops.
///
/// @param onColdAnswer told when an answer proves that its model had to be loaded; must not wait
/// @param flushProfile `auto`, `streaming` or `standard`
public record RequestPipeline(
        Fleet fleet,
        Inspector inspector,
        RouteFinder routes,
        Balancer balancer,
        EndpointRates rates,
        WaitingRoom room,
        ClientAddresses clients,
        Runnable onColdAnswer,
        StickySessions sticky,
        Sender sender,
        RequestLimits limits,
        AnswerHeaders answerHeaders,
        String flushProfile,
        RequestLog log,
        RequestRecorder recorder) {

    /// Takes a request of one of the proxy routes.
    public void handle(Exchange exchange, ProviderScope scope) {
        new ProxiedRequest(this, exchange, scope).start();
    }
}
