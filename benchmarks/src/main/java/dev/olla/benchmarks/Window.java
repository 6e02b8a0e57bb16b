package dev.olla.benchmarks;

/// The time between two [System#nanoTime] readings in which things are counted.
record Window(long startNanos, long endNanos) {

    boolean contains(long nanos) {
        return nanos - startNanos >= 0 && nanos - endNanos < 0;
    }

    double seconds() {
        return (endNanos - startNanos) / 1e9;
    }
}
