package dev.olla.fleet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Keeps requests away from an endpoint that fails repeatedly, and readmits it by one trial at a time.
///
/// States are immutable and swapped in one [AtomicReference], so every method is safe for all threads and never waits.
public final class CircuitBreaker {

    private final int failureThreshold;
    private final long openNanos;
    private final LongSupplier nanoTime;
    private final AtomicReference<State> state = new AtomicReference<>(new Closed(0));

    private sealed interface State {}

    /// Requests pass; `failures` came in a row.
    private record Closed(int failures) implements State {}

    /// No requests until `until`, in [System#nanoTime] terms.
    private record Open(long until) implements State {}

    /// One trial is under way since `since`; it gives its place away when it takes longer than the open time.
    private record Trial(long since) implements State {}

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
        return switch (state.get()) {
            case Closed(var _) -> true;
            case Open(var until) -> nanoTime.getAsLong() - until >= 0;
            case Trial(var since) -> nanoTime.getAsLong() - since >= openNanos;
        };
    }

    /// Whether live failures keep requests away, trial included.
    public boolean ejected() {
        return !(state.get() instanceof Closed);
    }

    /// Takes the right to send one request: always while closed, as the one trial once the open time is over.
    public boolean tryPass() {
        while (true) {
            State current = state.get();
            if (current instanceof Closed) {
                return true;
            }
            if (!admits()) {
                return false;
            }
            if (state.compareAndSet(current, new Trial(nanoTime.getAsLong()))) {
                return true;
            }
        }
    }

    /// The endpoint gave a good answer.
    public void succeeded() {
        if (state.get() instanceof Closed(var failures) && failures == 0) {
            return;
        }
        state.set(new Closed(0));
    }

    /// The endpoint is to blame for a failed request.
    public void failed() {
        while (true) {
            State current = state.get();
            State next = current instanceof Closed(var failures) && failures + 1 < failureThreshold
                    ? new Closed(failures + 1)
                    : new Open(nanoTime.getAsLong() + openNanos);
            if (current instanceof Open || state.compareAndSet(current, next)) {
                return;
            }
        }
    }

    /// A request ended without telling anything of the endpoint, for instance because its client left.
    public void abandoned() {
        State current = state.get();
        if (current instanceof Trial) {
            state.compareAndSet(current, new Open(nanoTime.getAsLong()));
        }
    }
}
