package dev.olla.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What one event loop of the load client has counted.
///
/// Owned by that loop while the load runs, and read by others only after it has ended.
final class Tally {

    private final Window window;
    private final Histogram latency = new Histogram(3);
    private final Histogram firstEvent = new Histogram(3);
    private final Histogram eventDelay = new Histogram(3);
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private long answers;
    private long events;

    Tally(Window window) {
        this.window = window;
    }

    void answer(long sentNanos, long nowNanos) {
        if (window.contains(nowNanos)) {
            answers++;
            latency.recordValue(nowNanos - sentNanos);
        }
    }

    void event(long sentNanos, long nowNanos) {
        if (window.contains(nowNanos)) {
            events++;
            eventDelay.recordValue(Math.max(0, nowNanos - sentNanos));
        }
    }

    /// First events count wherever they fall: most streams start before the window does.
    void firstEvent(long startNanos, long nowNanos) {
        firstEvent.recordValue(nowNanos - startNanos);
    }

    void fault(Fault fault) {
        faults(fault, 1);
    }

    void faults(Fault fault, long count) {
        if (count > 0) {
            faults.merge(fault, count, Long::sum);
        }
    }

    void add(Tally other) {
        answers += other.answers;
        events += other.events;
        latency.add(other.latency);
        firstEvent.add(other.firstEvent);
        eventDelay.add(other.eventDelay);
        other.faults.forEach(this::faults);
    }

    LoadResult result() {
        return new LoadResult(
                window.seconds(),
                answers,
                events,
                Percentiles.of(latency),
                Percentiles.of(firstEvent),
                Percentiles.of(eventDelay),
                faults);
    }
}
