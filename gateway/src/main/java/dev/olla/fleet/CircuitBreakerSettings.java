package dev.olla.fleet;

import java.time.Duration;

/// When an endpoint that fails is left alone, and for how long.
///
/// @param failureThreshold failures in a row that eject it; at least 1
/// @param openDuration until it gets a request on trial
public record CircuitBreakerSettings(int failureThreshold, Duration openDuration) {

    public static final CircuitBreakerSettings DEFAULTS = new CircuitBreakerSettings(5, Duration.ofSeconds(30));
}
