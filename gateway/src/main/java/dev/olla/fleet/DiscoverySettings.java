package dev.olla.fleet;

import java.time.Duration;

/// How the models of the endpoints are found.
///
/// @param enabled whether model lists are read at all
/// @param interval between two runs
/// @param timeout of one model list
/// @param workers how many lists are read at a time
/// @param retryAttempts additional tries inside one run
/// @param retryBackoff before the first additional try; doubles
public record DiscoverySettings(
        boolean enabled, Duration interval, Duration timeout, int workers, int retryAttempts, Duration retryBackoff) {

    public static final DiscoverySettings DEFAULTS =
            new DiscoverySettings(true, Duration.ofMinutes(5), Duration.ofSeconds(30), 5, 3, Duration.ofSeconds(1));
}
