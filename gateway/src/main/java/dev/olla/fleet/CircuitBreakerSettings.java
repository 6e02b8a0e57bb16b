package dev.olla.fleet;

import java.time.Duration;

/// When an endpoint that fails is left alone, for how long, and how it comes back.
///
/// @param failureThreshold failures in a row that eject it; at least 1
/// @param openDuration until it gets a request on trial
/// @param maxEjectedPercent the most of the endpoints that are up, 0 to 100, that may be ejected at a time; one may
///     always be where two or more are up
/// @param slowStart how long an endpoint that came back gets less than its share; zero means not at all
public record CircuitBreakerSettings(
        int failureThreshold, Duration openDuration, int maxEjectedPercent, Duration slowStart) {

    public static final CircuitBreakerSettings DEFAULTS =
            new CircuitBreakerSettings(5, Duration.ofSeconds(30), 50, Duration.ofSeconds(30));
}
