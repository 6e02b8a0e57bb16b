package dev.olla.fleet;

import java.time.Duration;

/// How long an endpoint that fails is left alone before its next probe.
final class Backoff {

    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int[] FACTORS = {1, 2, 4, 8, 12};

    private Backoff() {}

    /// The pause after that many failures in a row; without any it is the interval itself.
    static Duration after(int failures, Duration interval) {
        if (failures == 0) {
            return interval;
        }
        Duration pause = interval.multipliedBy(FACTORS[Math.min(failures, FACTORS.length) - 1]);
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
