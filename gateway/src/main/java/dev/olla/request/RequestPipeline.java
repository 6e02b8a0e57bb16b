package dev.olla.request;

import dev.olla.dialect.ErrorFormat;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.request.inspect.Inspector;
import dev.olla.request.route.ModelRouting;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.select.Balancer;
import dev.olla.request.send.ProxySettings;
import dev.olla.request.send.RequestLimits;
import dev.olla.request.send.Sender;
import dev.olla.request.stream.AnswerHeaders;
import dev.olla.telemetry.RequestLog;

/// The path of a proxied request: admit, inspect, route, select, send, stream.
///
/// Holds what all requests share; [ProxiedRequest] walks one of them along. Safe for all event loops.
///
/// @param version of the gateway
public record RequestPipeline(
        Fleet fleet,
        Inspector inspector,
        ModelRouting routing,
        Balancer balancer,
        Sender sender,
        RequestLimits limits,
        ProxySettings settings,
        AnswerHeaders answerHeaders,
        RequestLog log) {

    /// Takes a request of one of the proxy routes.
    public void handle(Exchange exchange, ProviderScope scope) {
        new ProxiedRequest(this, exchange, scope).start();
    }

    /// Answers with an error in the words of the caller's format.
    static void refuse(Exchange exchange, Refusal refusal) {
        ErrorFormat format = ErrorFormat.forPath(exchange.path());
        exchange.respond(
                refusal.status(),
                refusal.headers(format),
                format.render(refusal.status(), refusal.code(), refusal.message(), RequestIdentity.of(exchange)));
    }
}
