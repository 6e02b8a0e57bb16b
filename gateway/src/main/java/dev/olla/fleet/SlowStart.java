package dev.olla.fleet;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The time in which an endpoint that came back gets less than its share of requests. Safe for all threads.
final class SlowStart {

    static final double FIRST_SHARE = 0.1;

    private final LongSupplier nanoTime;
    private volatile Duration length;
    private volatile long since;
    private volatile boolean begun;

    /// @param nanoTime a clock such as [System#nanoTime]
    SlowStart(Duration length, LongSupplier nanoTime) {
        this.length = length;
        this.nanoTime = nanoTime;
    }

    void use(Duration next) {
        length = next;
    }

    void begin() {
        since = nanoTime.getAsLong();
        begun = true;
    }

    boolean running() {
        return begun && elapsed() < length.toNanos();
    }

    /// From 0.1 to 1, which it is also when it isn't running.
    double share() {
        if (!begun) {
            return 1;
        }
        long nanos = length.toNanos();
        long elapsed = elapsed();
        return elapsed >= nanos ? 1 : FIRST_SHARE + (1 - FIRST_SHARE) * elapsed / nanos;
    }

    private long elapsed() {
        return nanoTime.getAsLong() - since;
    }
}
