package dev.olla;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for something that another thread is about to do.
public final class Eventually {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Eventually() {}

    /// Returns once the condition holds; fails with the description when it doesn't within 20 seconds.
    public static void await(String description, BooleanSupplier condition) {
        await(() -> description, condition);
    }

    /// The same with a description that tells how things stand when the time is over.
    public static void await(Supplier<String> description, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("never happened: " + description.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
