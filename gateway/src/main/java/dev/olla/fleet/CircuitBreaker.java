package dev.olla.fleet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// Keeps requests away from an endpoint that fails repeatedly, and readmits it by one trial at a time.
///
/// Probes and live requests add to one count of failures in a row, but only like forgives like: a good probe forgives
/// failed probes, and an endpoint that live requests ejected is readmitted by a live request alone.
///
/// States are immutable and swapped in one [AtomicReference]: every method is safe for all threads and never waits.
public final class CircuitBreaker {

    private static final Closed CLEAN = new Closed(0, 0);

    private final int failureThreshold;
    private final long openNanos;
    private final LongSupplier nanoTime;
    private final AtomicReference<State> state = new AtomicReference<>(CLEAN);

    private sealed interface State {}

    /// Requests pass; so many requests and probes failed in a row.
    private record Closed(int live, int probes) implements State {}

    /// No requests until `until`, in nanoseconds of the clock.
    ///
    /// @param live whether a live failure had a part in it
    private record Open(long until, boolean live) implements State {}

    /// One trial is under way since `since`; it gives its place away when it takes longer than the open time.
    ///
    /// @param superseded earlier trials that gave their place away and have not ended yet: as many results that say
    ///     nothing new
    private record Trial(long since, boolean live, int superseded) implements State {}

    /// @param failureThreshold failures in a row that open the breaker; at least 1
    /// @param openDuration how long it stays open before a trial
    /// @param nanoTime a clock such as [System#nanoTime]
    public CircuitBreaker(int failureThreshold, Duration openDuration, LongSupplier nanoTime) {
        if (failureThreshold < 1) {
            throw new IllegalArgumentException("failureThreshold must be at least 1");
        }
        this.failureThreshold = failureThreshold;
        this.openNanos = openDuration.toNanos();
        this.nanoTime = nanoTime;
    }

    /// Whether a request could pass now; takes nothing.
    public boolean admits() {
        return admits(state.get(), nanoTime.getAsLong());
    }

    private boolean admits(State current, long now) {
        return switch (current) {
            case Closed _ -> true;
            case Open open -> now - open.until >= 0;
            case Trial trial -> now - trial.since >= openNanos;
        };
    }

    /// Whether failures keep requests away, trial included.
    public boolean ejected() {
        return !(state.get() instanceof Closed);
    }

    /// Takes the right to send one request: always while closed, as the one trial once the open time is over.
    ///
    /// Who got it reports exactly one of [#succeeded], [#failed] and [#abandoned].
    public boolean tryPass() {
        while (true) {
            State current = state.get();
            if (current instanceof Closed) {
                return true;
            }
            long now = nanoTime.getAsLong();
            if (!admits(current, now)) {
                return false;
            }
            State next = current instanceof Trial trial
                    ? new Trial(now, trial.live, trial.superseded + 1)
                    : new Trial(now, ((Open) current).live, 0);
            if (state.compareAndSet(current, next)) {
                return true;
            }
        }
    }

    /// The endpoint gave a good answer to a live request.
    public void succeeded() {
        if (!state.get().equals(CLEAN)) {
            state.set(CLEAN);
        }
    }

    /// The endpoint is to blame for a failed live request.
    public void failed() {
        change(current -> switch (current) {
            case Closed closed -> counted(closed.live + 1, closed.probes);
            case Open open -> open;
            case Trial(long since, boolean live, int superseded)
            when superseded > 0 -> new Trial(since, live, superseded - 1);
            case Trial _ -> open(true);
        });
    }

    /// A request ended without telling anything of the endpoint, for instance because its client left.
    public void abandoned() {
        change(current -> switch (current) {
            case Trial(long since, boolean live, int superseded)
            when superseded > 0 -> new Trial(since, live, superseded - 1);
            case Trial trial -> new Open(nanoTime.getAsLong(), trial.live);
            case Closed closed -> closed;
            case Open open -> open;
        });
    }

    /// A probe got a good answer.
    void probeSucceeded() {
        change(current -> switch (current) {
            case Closed(int live, int probes) when probes > 0 -> live == 0 ? CLEAN : new Closed(live, 0);
            case Open open when !open.live -> CLEAN;
            case Trial trial when !trial.live -> CLEAN;
            case State other -> other;
        });
    }

    /// A probe failed. It never ends a trial: that is for live requests.
    void probeFailed() {
        change(current -> current instanceof Closed closed ? counted(closed.live, closed.probes + 1) : current);
    }

    private State counted(int live, int probes) {
        return live + probes < failureThreshold ? new Closed(live, probes) : open(live > 0);
    }

    private Open open(boolean live) {
        return new Open(nanoTime.getAsLong() + openNanos, live);
    }

    private void change(UnaryOperator<State> step) {
        while (true) {
            State current = state.get();
            State next = step.apply(current);
            if (next.equals(current) || state.compareAndSet(current, next)) {
                return;
            }
        }
    }
}
