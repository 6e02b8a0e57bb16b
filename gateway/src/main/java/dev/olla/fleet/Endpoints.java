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

    /// As [#of]; servers that were there before keep their counters and their breakers, which go on by the new
    /// settings, and what the operator wants of them.
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
            EndpointCounters counters = counters(before, each, breaker, nanoTime);
            endpoints.add(new Endpoint(each, kinds, i, ids.get(i), counters));
        }
        return List.copyOf(endpoints);
    }

    private static EndpointCounters counters(
            List<Endpoint> before, EndpointSettings settings, CircuitBreakerSettings breaker, LongSupplier nanoTime) {
        EndpointCounters fresh = EndpointCounters.of(settings.name(), breaker, nanoTime);
        for (Endpoint endpoint : before) {
            if (endpoint.isSameServer(settings)) {
                endpoint.counters().use(breaker);
                return endpoint.counters();
            }
            if (endpoint.name().equals(settings.name())) {
                fresh.mode().set(endpoint.mode());
            }
        }
        return fresh;
    }
}
