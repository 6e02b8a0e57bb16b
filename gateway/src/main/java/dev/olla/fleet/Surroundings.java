package dev.olla.fleet;

import dev.olla.http.Fetcher;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the watchers of a fleet need of the world.
///
/// @param version of the gateway, for `User-Agent`
/// @param clock for what is shown
/// @param nanoTime for what is waited for; it runs as fast as [System#nanoTime]
/// @param random for jitter; used by one thread at a time
record Surroundings(
        Fetcher fetcher, String version, InstantSource clock, LongSupplier nanoTime, RandomGenerator random) {

    /// The share of a pause that it really takes, between 7/8 and 9/8, so that many pauses don't end together.
    double jitter() {
        synchronized (random) {
            return random.nextDouble(0.875, 1.125);
        }
    }
}
