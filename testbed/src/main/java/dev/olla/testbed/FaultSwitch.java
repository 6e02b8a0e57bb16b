package dev.olla.testbed;

import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The fault that is on at the moment, and whom it meets; safe for any thread.
final class FaultSwitch {

    private static final Set<String> HEALTH_PATHS = Set.of("/", "/health", "/api/v1/health");
    private static final String PROBE = "olla-HealthChecker";

    private volatile @Nullable Fault fault;
    private volatile SplittableRandom dice = new SplittableRandom(0);

    void set(@Nullable Fault wanted) {
        if (wanted instanceof Fault.Flaky flaky) {
            dice = new SplittableRandom(flaky.seed());
        }
        fault = wanted;
    }

    @Nullable
    Fault current() {
        return fault;
    }

    boolean refusing() {
        return fault instanceof Fault.Refuse;
    }

    /// The fault that this request meets, or null.
    @Nullable
    Fault meeting(Arrival arrival) {
        Fault present = fault;
        if (present instanceof Fault.Flaky(double share, Fault inner, long _)) {
            present = throwDice() < share ? inner : null;
        }
        if (present instanceof Fault.FailHealthOnly) {
            return isHealthCheck(arrival) ? Fault.status(503) : null;
        }
        return present instanceof Fault.Refuse ? null : present;
    }

    private double throwDice() {
        SplittableRandom random = dice;
        synchronized (random) {
            return random.nextDouble();
        }
    }

    /// Where the health path is the model list, only the gateway's own probe counts as one.
    private static boolean isHealthCheck(Arrival arrival) {
        if (HEALTH_PATHS.contains(arrival.path())) {
            return true;
        }
        String agent = arrival.headers().get("User-Agent");
        return arrival.path().endsWith("/models") && agent != null && agent.startsWith(PROBE);
    }
}
