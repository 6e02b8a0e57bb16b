package dev.olla.benchmarks;

import java.util.Map;

/// What a load run saw: good answers and events within its window, and every fault of the whole run.
record LoadResult(
        double seconds,
        long answers,
        long events,
        Percentiles latency,
        Percentiles firstEvent,
        Percentiles eventDelay,
        Map<Fault, Long> faults) {

    LoadResult {
        faults = Map.copyOf(faults);
    }

    long faults(Fault fault) {
        return faults.getOrDefault(fault, 0L);
    }

    boolean isClean() {
        return faults.isEmpty();
    }
}
