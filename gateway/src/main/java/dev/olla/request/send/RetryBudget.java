package dev.olla.request.send;

import java.util.function.LongSupplier;

/// Counts requests, and those that were sent again, over the last ten seconds, so that a fleet in trouble doesn't
/// get many times its load. Safe for all threads; the lock is held for moments only.
public final class RetryBudget {

    private static final int SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private final long start;
    private final int[] requests = new int[SECONDS];
    private final int[] retries = new int[SECONDS];
    /// The second that the newest of the counters belongs to.
    private long second;

    /// @param nanoTime a clock such as [System#nanoTime]
    public RetryBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    synchronized void requested() {
        requests[slot()]++;
    }

    /// Takes one retry if there is one.
    ///
    /// @param percent of the requests
    /// @param minPerSecond there are at least so many
    synchronized boolean take(int percent, int minPerSecond) {
        int slot = slot();
        long most = Math.max(sum(requests) * percent / 100, (long) minPerSecond * SECONDS);
        if (sum(retries) >= most) {
            return false;
        }
        retries[slot]++;
        return true;
    }

    /// Puts a retry back that was taken just now, for nothing.
    synchronized void giveBack() {
        int slot = slot();
        retries[slot] = Math.max(0, retries[slot] - 1);
    }

    /// Where the current second is counted; what is older than ten seconds is forgotten.
    private int slot() {
        long now = (nanoTime.getAsLong() - start) / SECOND_NANOS;
        for (long next = Math.max(second + 1, now - SECONDS + 1); next <= now; next++) {
            int slot = (int) (next % SECONDS);
            requests[slot] = 0;
            retries[slot] = 0;
        }
        second = Math.max(second, now);
        return (int) (second % SECONDS);
    }

    private static long sum(int[] counts) {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
