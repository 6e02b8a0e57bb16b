package dev.olla.fleet;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The time for which an endpoint asked to be left alone. Safe for all threads.
final class Pause {

    private final LongSupplier nanoTime;
    private volatile long until;

    /// @param nanoTime a clock such as [System#nanoTime]
    Pause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong();
    }

    /// The last word counts: an endpoint may come back sooner than it thought.
    void take(Duration length) {
        until = nanoTime.getAsLong() + length.toNanos();
    }

    boolean running() {
        return nanoTime.getAsLong() - until < 0;
    }
}
