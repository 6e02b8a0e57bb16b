package dev.olla.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counts the attempts that one endpoint served. Safe for all threads.
///
/// A client that left counts as neither success nor failure.
public final class EndpointStatistics {

    private final LongAdder requests = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder clientLeft = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder successMillis = new LongAdder();
    private final AtomicLong minMillis = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong maxMillis = new AtomicLong();
    private final TokenStatistics tokens = new TokenStatistics();

    public void started() {
        requests.increment();
    }

    /// @param millis from the arrival of the request to the end of the answer
    /// @param bodyBytes bytes of the answer's body that were relayed
    public void succeeded(long millis, long bodyBytes) {
        successes.increment();
        bytes.add(bodyBytes);
        successMillis.add(millis);
        if (millis < minMillis.get()) {
            minMillis.accumulateAndGet(millis, Math::min);
        }
        if (millis > maxMillis.get()) {
            maxMillis.accumulateAndGet(millis, Math::max);
        }
    }

    /// What the answers told of their cost.
    public TokenStatistics tokens() {
        return tokens;
    }

    public void failed() {
        failures.increment();
    }

    public void clientLeft() {
        clientLeft.increment();
    }

    public long requests() {
        return requests.sum();
    }

    public long successes() {
        return successes.sum();
    }

    public long failures() {
        return failures.sum();
    }

    public long clientsLeft() {
        return clientLeft.sum();
    }

    public long bytesRelayed() {
        return bytes.sum();
    }

    /// The mean of the successes in milliseconds; 0 without any.
    public long averageMillis() {
        long count = successes.sum();
        return count == 0 ? 0 : successMillis.sum() / count;
    }

    /// The quickest success in milliseconds; 0 without any.
    public long minMillis() {
        long min = minMillis.get();
        return min == Long.MAX_VALUE ? 0 : min;
    }

    /// The slowest success in milliseconds; 0 without any.
    public long maxMillis() {
        return maxMillis.get();
    }
}
