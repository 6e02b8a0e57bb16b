package dev.olla.request.admit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Time that passes when told to: one clock for what is shown and one for what is measured.
final class FakeClock implements InstantSource {

    private static final Instant START = Instant.ofEpochSecond(2_000_000_000L);

    private long nanos;

    long nanoTime() {
        // Close to the end of the numbers, which a clock such as System.nanoTime may be.
        return Long.MAX_VALUE - Duration.ofSeconds(5).toNanos() + nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos);
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }
}
