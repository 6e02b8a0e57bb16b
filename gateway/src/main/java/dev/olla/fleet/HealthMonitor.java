package dev.olla.fleet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Finds out which endpoints are up: each is probed by a virtual thread of its own, in its own rhythm.
///
/// A sleeping virtual thread costs about a kilobyte and no processor time: a hundred idle servers need no sweep.
final class HealthMonitor {

    private final List<EndpointWatch> watches;
    private final Executor threads;
    private final Consumer<EndpointWatch.Change> onChange;
    private final CountDownLatch firstRound;

    /// @param threads runs each task on a virtual thread
    /// @param onChange called after a probe changed a status, on the thread that probed; must not block for long
    HealthMonitor(
            List<Endpoint> endpoints,
            FleetStates states,
            Surroundings surroundings,
            Executor threads,
            Consumer<EndpointWatch.Change> onChange) {
        this.watches = endpoints.stream()
                .map(endpoint -> new EndpointWatch(endpoint, states, surroundings))
                .toList();
        this.threads = threads;
        this.onChange = onChange;
        this.firstRound = new CountDownLatch(endpoints.size());
    }

    void start() {
        for (EndpointWatch watch : watches) {
            threads.execute(() -> watch(watch));
        }
    }

    private void watch(EndpointWatch watch) {
        try {
            if (watch.endpoint().mode() != EndpointMode.DISABLED) {
                check(watch);
            }
            firstRound.countDown();
            while (true) {
                watch.awaitDue();
                check(watch);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(EndpointWatch watch) throws InterruptedException {
        EndpointWatch.Change change = watch.check();
        if (change != null) {
            onChange.accept(change);
        }
    }

    /// Waits until every endpoint was probed once, or for as long as one attempt may take: one that needs longer
    /// must not hold up the others.
    void awaitFirstRound() throws InterruptedException {
        Duration longest = watches.stream()
                .map(watch -> watch.endpoint().settings().checkTimeout())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        boolean _ = firstRound.await(longest.plusMillis(500).toNanos(), TimeUnit.NANOSECONDS);
    }

    void lost(Endpoint endpoint, String reason) {
        watches.get(endpoint.position()).lost(reason);
    }

    void modeChanged(Endpoint endpoint, EndpointMode before, EndpointMode after) {
        watches.get(endpoint.position()).modeChanged(before, after);
    }

    void answered(Endpoint endpoint) {
        watches.get(endpoint.position()).answered();
    }
}
