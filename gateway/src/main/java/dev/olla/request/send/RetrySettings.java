package dev.olla.request.send;

import java.util.Set;

/// When a request that one endpoint didn't serve is sent to another.
///
/// @param enabled whether it ever is
/// @param onConnectionFailure whether it is when an endpoint gave no answer
/// @param onStatus the statuses of answers after which it is
/// @param maxAttempts the first included; 0 means as many as there are candidates
/// @param budgetPercent of the requests of the last ten seconds: the most that are sent again because of a status
///     or a time-out
/// @param budgetMinPerSecond so many may be in any case, on average over the ten seconds
public record RetrySettings(
        boolean enabled,
        boolean onConnectionFailure,
        Set<Integer> onStatus,
        int maxAttempts,
        int budgetPercent,
        int budgetMinPerSecond) {

    public static final RetrySettings DEFAULTS = new RetrySettings(true, true, Set.of(429, 502, 503), 0, 20, 3);

    public RetrySettings {
        onStatus = Set.copyOf(onStatus);
    }
}
