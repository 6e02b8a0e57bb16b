package dev.olla.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Makes the endpoints of a fleet from their settings.
public final class Endpoints {

    private Endpoints() {}

    /// One endpoint for each settings, in the same order.
    ///
    /// @param kinds has a profile for every type
    /// @param nanoTime a clock such as [System#nanoTime], for the breakers
    /// @throws IllegalArgumentException when a type has no profile
    public static List<Endpoint> of(
            List<EndpointSettings> settings,
            BackendKinds kinds,
            CircuitBreakerSettings breaker,
            LongSupplier nanoTime) {
        return following(List.of(), settings, kinds, breaker, nanoTime);
    }

    /// As [#of]; servers that were there before keep their counters and their breakers.
    public static List<Endpoint> following(
            List<Endpoint> before,
            List<EndpointSettings> settings,
            BackendKinds kinds,
            CircuitBreakerSettings breaker,
            LongSupplier nanoTime) {
        List<String> ids = EndpointIds.of(settings);
        List<Endpoint> endpoints = new ArrayList<>(settings.size());
        for (int i = 0; i < settings.size(); i++) {
            EndpointSettings each = settings.get(i);
            EndpointCounters counters = before.stream()
                    .filter(endpoint -> endpoint.isSameServer(each))
                    .map(Endpoint::counters)
                    .findFirst()
                    .orElseGet(() -> EndpointCounters.with(
                            new CircuitBreaker(breaker.failureThreshold(), breaker.openDuration(), nanoTime)));
            endpoints.add(new Endpoint(each, kinds, i, ids.get(i), counters));
        }
        return List.copyOf(endpoints);
    }
}
