package dev.olla;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// Time for the limits of a gateway that passes when told to. Safe for all threads.
final class FakeTime {

    private static final Instant START = Instant.ofEpochSecond(2_000_000_000L);

    private final AtomicLong nanos = new AtomicLong();

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Instant now() {
        return START.plusNanos(nanos.get());
    }

    Gateway.LimitClocks clocks() {
        return new Gateway.LimitClocks(this::now, nanos::get);
    }
}
