package dev.olla.telemetry;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// A fair sample of latencies, of a hundred at most (reservoir sampling). Guarded by its owner.
final class LatencySample {

    private static final int SIZE = 100;

    private final long[] millis = new long[SIZE];
    private long seen;

    void add(long latency, RandomGenerator random) {
        if (seen < SIZE) {
            millis[(int) seen] = latency;
        } else {
            long place = random.nextLong(seen + 1);
            if (place < SIZE) {
                millis[(int) place] = latency;
            }
        }
        seen++;
    }

    /// The latency that so many percent don't exceed; 0 without any.
    long percentile(int percent) {
        int count = (int) Math.min(seen, SIZE);
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(millis, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count * percent / 100, count - 1)];
    }
}
