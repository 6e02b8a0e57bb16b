package dev.olla.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Counts requests by model and by endpoint. Safe for all threads.
///
/// Models that nobody asked for within six hours are forgotten, and so are all but the fifty asked for last.
public final class ModelStatistics {

    private static final Duration MAX_IDLE = Duration.ofHours(6);
    private static final int MAX_MODELS = 50;

    private final Map<String, ModelCounter> models = new ConcurrentHashMap<>();
    private final Map<String, UseCounter> endpoints = new TreeMap<>();
    private final InstantSource clock;
    private final RandomGenerator random;

    /// @param random safe for all threads
    public ModelStatistics(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// A request is over.
    public void add(ModelUse use) {
        Instant now = clock.instant();
        models.computeIfAbsent(use.model(), ModelCounter::new).add(use, now, random);
        synchronized (endpoints) {
            use.attempts()
                    .forEach(attempt -> endpoints
                            .computeIfAbsent(attempt.endpoint(), UseCounter::new)
                            .add(attempt, now));
        }
        // Names come from clients: twice as many as are shown is all that is ever kept.
        if (models.size() > 2 * MAX_MODELS) {
            forget(now);
        }
    }

    private void forget(Instant now) {
        List<Map.Entry<String, ModelCounter>> youngest = models.entrySet().stream()
                .map(entry -> Map.entry(entry, entry.getValue().last()))
                .sorted(Map.Entry.<Map.Entry<String, ModelCounter>, Instant>comparingByValue()
                        .reversed())
                .map(Map.Entry::getKey)
                .toList();
        for (int i = 0; i < youngest.size(); i++) {
            Instant last = youngest.get(i).getValue().last();
            if (i >= MAX_MODELS || last.isBefore(now.minus(MAX_IDLE))) {
                models.remove(youngest.get(i).getKey(), youngest.get(i).getValue());
            }
        }
    }

    /// Most requested first, then by name.
    public List<ModelFigures> models() {
        forget(clock.instant());
        return models.values().stream()
                .map(ModelCounter::figures)
                .sorted(Comparator.comparingLong(ModelFigures::requests)
                        .reversed()
                        .thenComparing(ModelFigures::model))
                .toList();
    }

    /// Sorted by name.
    public List<UseFigures> endpoints() {
        synchronized (endpoints) {
            return endpoints.values().stream().map(UseCounter::figures).toList();
        }
    }
}
