package dev.olla.telemetry;

import dev.olla.telemetry.RequestOutcome.Result;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Counts the requests for one model. Its lock is held for moments only.
final class ModelCounter {

    private final String model;
    private final Map<String, UseCounter> endpoints = new TreeMap<>();
    private final LatencySample latencies = new LatencySample();
    private final TokenStatistics tokens = new TokenStatistics();
    private final DistinctCount clients = new DistinctCount();
    private long requests;
    private long successes;
    private long failures;
    private long bytes;
    private long successMillis;
    private long hits;
    private long misses;
    private long fallbacks;
    private Instant last = Instant.EPOCH;

    ModelCounter(String model) {
        this.model = model;
    }

    synchronized void add(ModelUse use, Instant now, RandomGenerator random) {
        requests++;
        last = now;
        clients.add(use.client());
        tokens.add(use.figures());
        use.attempts()
                .forEach(attempt -> endpoints
                        .computeIfAbsent(attempt.endpoint(), UseCounter::new)
                        .add(attempt, now));
        if (!use.attempts().isEmpty()) {
            String answered = use.attempts().getLast().endpoint();
            endpoints.computeIfAbsent(answered, UseCounter::new).add(use.figures());
        }
        if (use.result() == Result.SUCCESS) {
            successes++;
            bytes += use.bytes();
            successMillis += use.millis();
            latencies.add(use.millis(), random);
        } else if (use.result() != Result.CLIENT_LEFT) {
            failures++;
        }
        countRouting(use);
    }

    private void countRouting(ModelUse use) {
        if (use.fallback()) {
            fallbacks++;
        } else if (use.attempts().size() > 1) {
            misses++;
        } else if (use.result() == Result.SUCCESS) {
            hits++;
        }
    }

    synchronized Instant last() {
        return last;
    }

    synchronized ModelFigures figures() {
        return new ModelFigures(
                model,
                requests,
                successes,
                failures,
                bytes,
                successes == 0 ? 0 : successMillis / successes,
                latencies.percentile(95),
                latencies.percentile(99),
                last,
                clients.count(),
                hits,
                misses,
                fallbacks,
                tokens,
                endpoints.values().stream().map(UseCounter::figures).toList());
    }
}
