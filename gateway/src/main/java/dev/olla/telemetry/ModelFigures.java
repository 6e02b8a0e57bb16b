package dev.olla.telemetry;

import java.time.Instant;
import java.util.List;

/// What was counted of one model.
///
/// @param bytes of the answers' bodies that were relayed, successes only
/// @param averageMillis of the successes, as are the percentiles; 0 without any
/// @param hits requests whose first attempt succeeded
/// @param misses requests that needed another endpoint
/// @param fallbacks requests sent to endpoints that are not known to hold the model
/// @param tokens what the answers told of their cost
/// @param endpoints sorted by name
public record ModelFigures(
        String model,
        long requests,
        long successes,
        long failures,
        long bytes,
        long averageMillis,
        long p95Millis,
        long p99Millis,
        Instant lastRequested,
        long clients,
        long hits,
        long misses,
        long fallbacks,
        TokenStatistics tokens,
        List<UseFigures> endpoints) {

    public ModelFigures {
        endpoints = List.copyOf(endpoints);
    }
}
