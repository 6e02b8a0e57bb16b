package dev.olla.testbed;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for a condition, and fails when it doesn't come true in time.
final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Eventually() {}

    static void eventually(String expectation, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never came true: " + expectation);
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}
