package dev.olla.telemetry;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts requests by the formats of clients and servers. Safe for all threads.
public final class TranslatorStatistics {

    private final Map<String, Counter> counters = new TreeMap<>();

    /// A request is over.
    public synchronized void add(TranslatorUse use) {
        counters.computeIfAbsent(use.from(), _ -> new Counter()).add(use);
    }

    /// Most requests first, then by name.
    public synchronized List<TranslatorFigures> figures() {
        return counters.entrySet().stream()
                .map(entry -> entry.getValue().figures(entry.getKey()))
                .sorted(Comparator.comparingLong(TranslatorFigures::requests)
                        .reversed()
                        .thenComparing(TranslatorFigures::name))
                .toList();
    }

    private static final class Counter {

        private final TreeMap<String, Long> to = new TreeMap<>();
        private long requests;
        private long failures;
        private long passthrough;
        private long streaming;
        private long noEndpoints;
        private long cannotPassThrough;
        private long millis;

        void add(TranslatorUse use) {
            requests++;
            streaming += use.streaming() ? 1 : 0;
            passthrough += use.translated() ? 0 : 1;
            noEndpoints += use.noEndpoints() ? 1 : 0;
            cannotPassThrough += use.translated() && !use.noEndpoints() && use.to() != null ? 1 : 0;
            if (use.failed()) {
                failures++;
            } else {
                millis += use.millis();
            }
            if (use.to() != null) {
                to.merge(use.to(), 1L, Long::sum);
            }
        }

        TranslatorFigures figures(String name) {
            long successes = requests - failures;
            return new TranslatorFigures(
                    name,
                    requests,
                    failures,
                    passthrough,
                    streaming,
                    noEndpoints,
                    cannotPassThrough,
                    successes == 0 ? 0 : millis / successes,
                    to);
        }
    }
}
