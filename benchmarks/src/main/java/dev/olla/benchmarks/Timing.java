package dev.olla.benchmarks;

import java.time.Duration;

/// How long a load runs: connections open evenly over the lead-in, then a window is measured, and what is
/// under way when it closes has until the end of the drain to finish.
record Timing(Duration leadIn, Duration window, Duration drain) {

    Duration untilWindowEnds() {
        return leadIn.plus(window);
    }

    Window windowFrom(long startNanos) {
        return new Window(
                startNanos + leadIn.toNanos(), startNanos + untilWindowEnds().toNanos());
    }
}
