package dev.olla.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long requests waited for a place, and how many did so in vain. Safe for all threads.
public final class QueueStatistics {

    /// The upper ends of the buckets of the waiting times; there is one more without end.
    public static final List<Duration> BUCKETS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(120));

    private final AtomicLongArray waits = new AtomicLongArray(BUCKETS.size() + 1);
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder gone = new LongAdder();

    /// A request got its place after that time.
    public void waited(long nanos) {
        int bucket = 0;
        while (bucket < BUCKETS.size() && nanos > BUCKETS.get(bucket).toNanos()) {
            bucket++;
        }
        waits.incrementAndGet(bucket);
        waitedNanos.add(nanos);
    }

    /// A request found the queue full.
    public void foundFull() {
        full.increment();
    }

    /// A request waited in vain.
    public void waitedInVain() {
        late.increment();
    }

    /// While a request waited, the last server that could take it left.
    public void lostItsServers() {
        gone.increment();
    }

    /// How many waited for at most the time of that bucket but for more than that of the one before.
    public long waits(int bucket) {
        return waits.get(bucket);
    }

    /// All waiting times together.
    public Duration waitedTogether() {
        return Duration.ofNanos(waitedNanos.sum());
    }

    public long rejectedAsFull() {
        return full.sum();
    }

    public long rejectedAsGone() {
        return gone.sum();
    }

    public long rejectedAsLate() {
        return late.sum();
    }
}
