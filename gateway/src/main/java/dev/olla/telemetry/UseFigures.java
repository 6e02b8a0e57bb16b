package dev.olla.telemetry;

import java.time.Instant;

/// What was counted of one endpoint, for one model or for all.
///
/// @param averageMillis of the successes; 0 without any
/// @param consecutiveErrors failures since the last success
/// @param inputTokens counted by model only, as are those written
public record UseFigures(
        String endpoint,
        long requests,
        long successes,
        long failures,
        long averageMillis,
        Instant lastUsed,
        long consecutiveErrors,
        long inputTokens,
        long outputTokens) {

    /// Of those that ended in a success or a failure; 0 without any.
    public double successPercent() {
        return successes + failures == 0 ? 0 : 100.0 * successes / (successes + failures);
    }
}
