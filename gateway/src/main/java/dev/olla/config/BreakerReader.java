package dev.olla.config;

import dev.olla.fleet.CircuitBreakerSettings;

/// Reads what `proxy` says of endpoints that fail: `circuit_breaker` and `slow_start`.
final class BreakerReader {

    private BreakerReader() {}

    static CircuitBreakerSettings read(Section proxy) {
        CircuitBreakerSettings standard = CircuitBreakerSettings.DEFAULTS;
        Section section = proxy.section("circuit_breaker");
        return new CircuitBreakerSettings(
                section.integer("failure_threshold", standard.failureThreshold(), Range.atLeast(1)),
                section.duration("open_duration", standard.openDuration()),
                section.integer("max_ejected_percent", standard.maxEjectedPercent(), Range.PERCENT),
                proxy.duration("slow_start", standard.slowStart()));
    }
}
