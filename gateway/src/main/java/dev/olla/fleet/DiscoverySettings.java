package dev.olla.fleet;

import java.time.Duration;

/// How the models of the endpoints are found and put together.
///
/// @param enabled whether model lists are read at all
/// @param interval between two runs
/// @param timeout of one model list
/// @param workers how many lists are read at a time
/// @param retryAttempts additional tries inside one run
/// @param retryBackoff before the first additional try; doubles
/// @param unification what counts as one model
public record DiscoverySettings(
        boolean enabled,
        Duration interval,
        Duration timeout,
        int workers,
        int retryAttempts,
        Duration retryBackoff,
        UnificationSettings unification) {

    public static final DiscoverySettings DEFAULTS =
            new DiscoverySettings(true, Duration.ofMinutes(5), Duration.ofSeconds(30), 5, 3, Duration.ofSeconds(1));

    /// With the usual unification.
    public DiscoverySettings(
            boolean enabled,
            Duration interval,
            Duration timeout,
            int workers,
            int retryAttempts,
            Duration retryBackoff) {
        this(enabled, interval, timeout, workers, retryAttempts, retryBackoff, UnificationSettings.DEFAULTS);
    }

    public DiscoverySettings with(UnificationSettings other) {
        return new DiscoverySettings(enabled, interval, timeout, workers, retryAttempts, retryBackoff, other);
    }
}
