package dev.olla.fleet;

import dev.olla.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Probes one endpoint for as long as its thread runs, and joins what probes and live requests tell of it.
///
/// The fields belong to the lock, which is held for moments only, so that event loops may report through [#lost]
/// and [#answered].
final class EndpointWatch {

    private static final Logger log = LoggerFactory.getLogger(EndpointWatch.class);

    private final Endpoint endpoint;
    private final FleetStates states;
    private final Surroundings surroundings;
    private final Probe probe;
    private final Duration interval;
    private final Object lock = new Object();

    /// When to probe next, in nanoseconds of the clock.
    private volatile long due;
    /// When a byte of an answer last came.
    private volatile long answeredAt;
    /// The thread that waits for the next check.
    private volatile @Nullable Thread watcher;
    /// When a live request last lost the endpoint.
    private @Nullable Long lostAt;
    /// When the last probe started, if it got no answer in time.
    private @Nullable Long slowSince;

    /// A step from one status to another.
    record Change(EndpointState before, EndpointStatus after) {}

    EndpointWatch(Endpoint endpoint, FleetStates states, Surroundings surroundings) {
        this.endpoint = endpoint;
        this.states = states;
        this.surroundings = surroundings;
        this.probe = new Probe(endpoint, states, surroundings);
        this.interval = endpoint.settings().checkInterval();
        this.due = surroundings.nanoTime().getAsLong();
        this.answeredAt = due;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// Waits for the next check, which doesn't come as long as the endpoint is disabled.
    void awaitDue() throws InterruptedException {
        watcher = Thread.currentThread();
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean disabled = endpoint.mode() == EndpointMode.DISABLED;
            long left = due - now();
            if (left <= 0 && !disabled) {
                return;
            }
            LockSupport.parkNanos(this, disabled ? interval.toNanos() : left);
        }
    }

    /// The operator changed his mind about the endpoint.
    void modeChanged(EndpointMode before, EndpointMode after) {
        if (after == EndpointMode.DISABLED) {
            synchronized (lock) {
                states.update(endpoint, EndpointState::unwatched);
            }
        } else if (before == EndpointMode.DISABLED) {
            synchronized (lock) {
                due = now();
                states.update(
                        endpoint, state -> state.dueAt(surroundings.clock().instant()));
            }
            LockSupport.unpark(watcher);
        }
    }

    /// Probes once and publishes what came of it. Blocks.
    ///
    /// @return null when the status is as before
    @Nullable
    Change check() throws InterruptedException {
        long started = now();
        Probe.Result result = run();
        ProbeVerdict verdict = result.verdict();
        EndpointState before;
        EndpointStatus after;
        synchronized (lock) {
            before = states.state(endpoint);
            if (endpoint.mode() == EndpointMode.DISABLED) {
                return null; // it was disabled meanwhile
            }
            if (lostAt != null && lostAt - started >= 0) {
                return null; // it began before the endpoint was lost and tells of a time that is over
            }
            boolean forgiven = forgives(before, verdict, started);
            after = forgiven ? before.probed() : verdict.status();
            int failures = after.routable() ? 0 : before.consecutiveFailures() + 1;
            if (after.routable() && out(before)) {
                endpoint.cameBack();
            }
            publish(after, failures, result.took(), pause(verdict, failures));
        }
        tellBreaker(after, verdict);
        if (after == before.probed()) {
            return null;
        }
        logChange(before.probed(), after, verdict.reason());
        return new Change(before, after);
    }

    private Probe.Result run() throws InterruptedException {
        try {
            return probe.run();
        } catch (RuntimeException e) {
            log.error("the probe of endpoint {} broke", endpoint, e);
            ProbeVerdict broken = new ProbeVerdict(EndpointStatus.UNHEALTHY, "the probe itself broke", false, null);
            return new Probe.Result(broken, Duration.ZERO);
        }
    }

    /// Whether a missing answer is taken for load: the first time in a row, and as long as live requests get
    /// answers.
    private boolean forgives(EndpointState before, ProbeVerdict verdict, long started) {
        Long slowBefore = slowSince;
        slowSince = verdict.slow() ? started : null;
        if (!verdict.slow() || !before.probed().routable()) {
            return false;
        }
        return slowBefore == null || answeredAt - slowBefore > 0;
    }

    private Duration pause(ProbeVerdict verdict, int failures) {
        Duration asked = verdict.pause();
        if (asked == null) {
            return Backoff.after(failures, interval);
        }
        return asked.compareTo(interval) > 0 ? asked : interval;
    }

    private void publish(EndpointStatus status, int failures, Duration took, Duration pause) {
        Instant at = surroundings.clock().instant();
        due = now() + pause.toNanos();
        states.update(endpoint, state -> state.after(status, failures, at, took, at.plus(pause)));
    }

    /// A probe that was forgiven tells the breaker nothing, nor does one that was refused for a reason of its own.
    private void tellBreaker(EndpointStatus after, ProbeVerdict verdict) {
        switch (after) {
            case HEALTHY, BUSY, WARMING -> {
                if (!verdict.slow()) {
                    endpoint.breaker().probeSucceeded();
                }
            }
            case OFFLINE, UNHEALTHY -> endpoint.breaker().probeFailed();
            case CONFIG_ERROR, RATE_LIMITED, UNKNOWN, EJECTED, DRAINING, DISABLED -> {}
        }
    }

    /// A live request could not reach the endpoint. Cheap: event loops call it.
    void lost(String reason) {
        if (out(states.state(endpoint))) {
            return;
        }
        EndpointStatus before;
        synchronized (lock) {
            EndpointState state = states.state(endpoint);
            if (out(state) || endpoint.mode() == EndpointMode.DISABLED) {
                return; // it waits for its next check, which must not be put off
            }
            before = state.probed();
            lostAt = now();
            Duration pause = Backoff.after(state.consecutiveFailures() + 1, interval);
            due = lostAt + pause.toNanos();
            Instant next = surroundings.clock().instant().plus(pause);
            states.update(endpoint, current -> current.lost(next));
        }
        // A log may block, an event loop may not.
        Thread.startVirtualThread(() -> logChange(before, EndpointStatus.OFFLINE, reason));
    }

    private static boolean out(EndpointState state) {
        return !state.probed().routable() && state.probed() != EndpointStatus.UNKNOWN;
    }

    /// A byte of an answer came.
    void answered() {
        answeredAt = now();
    }

    private void logChange(EndpointStatus before, EndpointStatus after, String reason) {
        String words = Headers.printable(reason);
        if (after.routable()) {
            log.info("endpoint {} is {}, was {}: {}", endpoint, after.word(), before.word(), words);
        } else {
            log.warn("endpoint {} is {}, was {}: {}", endpoint, after.word(), before.word(), words);
        }
    }

    private long now() {
        return surroundings.nanoTime().getAsLong();
    }
}
