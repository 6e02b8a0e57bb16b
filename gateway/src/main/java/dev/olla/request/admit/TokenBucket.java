package dev.olla.request.admit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Lets requests pass at a steady rate, and a burst of them after a rest.
///
/// A bucket is full at first and fills evenly. Its whole state is the moment at which it will be full again, which
/// every token taken moves on by the time that one token needs. Safe for all threads, never waits.
public final class TokenBucket {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private final long tokenNanos;
    private final long capacityNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong fullAt;

    /// @param perMinute tokens that come back in a minute; at least 1
    /// @param capacity tokens in a full bucket; a bucket of 0 never lets anything pass
    /// @param nanoTime a clock such as [System#nanoTime]
    public TokenBucket(int perMinute, int capacity, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.tokenNanos = MINUTE_NANOS / perMinute;
        this.capacityNanos = Math.min(capacity, Long.MAX_VALUE / 4 / tokenNanos) * tokenNanos;
        this.nanoTime = nanoTime;
        this.fullAt = new AtomicLong(nanoTime.getAsLong());
    }

    public int perMinute() {
        return perMinute;
    }

    /// Takes a token if there is one.
    public boolean take() {
        while (true) {
            long now = nanoTime.getAsLong();
            long known = fullAt.get();
            long missing = Math.max(0, known - now);
            if (missing + tokenNanos > capacityNanos) {
                return false;
            }
            if (fullAt.compareAndSet(known, now + missing + tokenNanos)) {
                return true;
            }
        }
    }

    /// Puts a token back that was taken for nothing.
    public void giveBack() {
        fullAt.addAndGet(-tokenNanos);
    }

    /// How many tokens could be taken now.
    public long available() {
        return Math.max(0, (capacityNanos - nanosToFull()) / tokenNanos);
    }

    /// Until a token can be taken; 0 when one can now.
    public long nanosToNext() {
        return Math.max(0, nanosToFull() + tokenNanos - capacityNanos);
    }

    /// Until nothing is missing; 0 when nothing is.
    public long nanosToFull() {
        return Math.max(0, fullAt.get() - nanoTime.getAsLong());
    }
}
