package dev.olla.request.admit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A bucket for each client address, in bounded number. Safe for all threads.
///
/// A client that was forgotten starts with a full bucket, so a flood of addresses can loosen this limit, never tighten
/// it; the limit for all clients together stands.
final class ClientBuckets {

    /// About 4 MB.
    private static final int MAX_CLIENTS = 20_000;

    private static final Duration MAX_IDLE = Duration.ofMinutes(10);

    private final int perMinute;
    private final int burst;
    private final LongSupplier nanoTime;
    private final long sweepNanos;
    private final AtomicLong nextSweep;
    private final Cache<IpAddress, TokenBucket> buckets;

    /// @param sweepInterval how often clients idle for over ten minutes are dropped; zero means never
    ClientBuckets(int perMinute, int burst, Duration sweepInterval, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.burst = burst;
        this.nanoTime = nanoTime;
        sweepNanos = sweepInterval.toNanos();
        nextSweep = new AtomicLong(nanoTime.getAsLong() + sweepNanos);
        // The cache tidies up on the thread that uses it: little at a time, and without threads of its own.
        Caffeine<Object, Object> limits = Caffeine.newBuilder()
                .maximumSize(MAX_CLIENTS)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run);
        buckets = (sweepNanos > 0 ? limits.expireAfterAccess(MAX_IDLE) : limits).build();
    }

    TokenBucket of(IpAddress client) {
        sweepWhenDue();
        return buckets.get(client, _ -> new TokenBucket(perMinute, burst, nanoTime));
    }

    private void sweepWhenDue() {
        long now = nanoTime.getAsLong();
        long due = nextSweep.get();
        if (sweepNanos > 0 && now - due >= 0 && nextSweep.compareAndSet(due, now + sweepNanos)) {
            Thread.startVirtualThread(buckets::cleanUp);
        }
    }

    /// How many clients are known.
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
