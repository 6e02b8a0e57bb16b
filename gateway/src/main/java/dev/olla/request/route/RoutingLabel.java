package dev.olla.request.route;

import dev.olla.http.Headers;

/// What is told to the client of a decision, in the `X-Olla-Routing-*` fields.
public record RoutingLabel(String strategy, String action, String reason) {

    public void writeTo(Headers headers) {
        headers.add("X-Olla-Routing-Strategy", strategy);
        headers.add("X-Olla-Routing-Decision", action);
        headers.add("X-Olla-Routing-Reason", Headers.printable(reason));
    }
}
