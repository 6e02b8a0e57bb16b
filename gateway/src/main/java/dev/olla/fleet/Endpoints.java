package dev.olla.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/// Makes the endpoints of a fleet from their settings.
public final class Endpoints {

    private static final String FALLBACK = "openai-compatible";

    private Endpoints() {}

    /// One endpoint for each settings, in the same order.
    ///
    /// @param profiles by every name that a `type` may have: canonical types and prefixes, in lower case. `auto` is
    ///     looked up as `openai-compatible` where the map has no entry of its own
    /// @param nanoTime a clock such as [System#nanoTime], for the breakers
    /// @throws IllegalArgumentException when a type has no profile
    public static List<Endpoint> of(
            List<EndpointSettings> settings,
            Map<String, BackendProfile> profiles,
            CircuitBreakerSettings breaker,
            LongSupplier nanoTime) {
        List<String> ids = EndpointIds.of(settings);
        List<Endpoint> endpoints = new ArrayList<>(settings.size());
        for (int i = 0; i < settings.size(); i++) {
            BackendProfile profile = profileOf(settings.get(i), profiles);
            CircuitBreaker circuit = new CircuitBreaker(breaker.failureThreshold(), breaker.openDuration(), nanoTime);
            endpoints.add(new Endpoint(settings.get(i), profile, i, ids.get(i), circuit));
        }
        return List.copyOf(endpoints);
    }

    private static BackendProfile profileOf(EndpointSettings settings, Map<String, BackendProfile> profiles) {
        String type = settings.type().strip().toLowerCase(Locale.ROOT);
        BackendProfile profile = profiles.get(type);
        if (profile == null && (type.isEmpty() || type.equals(EndpointSettings.AUTO))) {
            profile = profiles.get(FALLBACK);
        }
        if (profile == null) {
            throw new IllegalArgumentException(
                    "endpoint " + settings.name() + ": no profile for type " + settings.type());
        }
        return profile;
    }
}
