package dev.olla.request;

import dev.olla.dialect.ApiCall;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.request.admit.Admission;
import dev.olla.request.inspect.Inspector;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.RouteFinder;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.EndpointRates;
import dev.olla.request.select.NativeFirst;
import dev.olla.request.select.StickySessions;
import dev.olla.request.select.WaitingRoom;
import dev.olla.request.send.RequestLimits;
import dev.olla.request.send.Sender;
import dev.olla.request.stream.AnswerHeaders;
import dev.olla.telemetry.RequestLog;
import org.jspecify.annotations.Nullable;

/// The path of a proxied request: admit, inspect, route, select, send, stream.
///
/// Holds what all requests share; [OngoingRequest] walks one of them along. Safe for all event loops.
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
        Admission admission,
        Runnable onColdAnswer,
        StickySessions sticky,
        Sender sender,
        RequestLimits limits,
        AnswerHeaders answerHeaders,
        String flushProfile,
        Formats formats,
        RequestLog log,
        RequestRecorder recorder) {

    /// Takes a request of one of the proxy routes.
    public void handle(Exchange exchange, ProviderScope scope) {
        handle(exchange, scope, scope.stripped(exchange.path()));
    }

    /// Takes a request of a route that stands for another path.
    ///
    /// @param path as the server would see it
    public void handle(Exchange exchange, ProviderScope scope, String path) {
        new ProxiedRequest(this, exchange, scope, path, null).start();
    }

    /// Takes a request that only one server can answer.
    ///
    /// @param endpoint its name
    void handleAt(Exchange exchange, ProviderScope scope, String endpoint) {
        new ProxiedRequest(this, exchange, scope, scope.stripped(exchange.path()), endpoint).start();
    }

    /// Takes a request of a route under which models may be managed.
    public void handle(Exchange exchange, ProviderScope scope, ModelManagement management) {
        String path = scope.stripped(exchange.path());
        ManagementCall call = ManagementCall.of(exchange.request().method(), path);
        if (call == null) {
            handle(exchange, scope, path);
        } else {
            new ManagedRequest(this, exchange, scope, path, management, call).start();
        }
    }

    /// What chooses among the candidates for a call.
    ///
    /// @param call null where no server of another format is among them
    Balancer balancer(ProviderScope scope, @Nullable ApiCall call) {
        boolean mixed = call != null && scope.wholeFleet();
        boolean indifferent =
                call == ApiCall.MESSAGES && !formats.settings().routing().preferNative();
        return mixed && !indifferent ? new NativeFirst(balancer) : balancer;
    }
}
