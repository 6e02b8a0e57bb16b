package dev.olla.fleet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Keeps requests away from an endpoint that fails repeatedly, and readmits it by trials.
///
/// Probes and live requests add to one count of failures in a row, but only like forgives like: a good probe
/// forgives failed probes, and an endpoint that live requests ejected is readmitted by a live request alone. What
/// a request tells counts only for the state in which it was sent: one that is older than the ejection says
/// nothing of it.
///
/// States are immutable and swapped in one [AtomicReference]: every method is safe for all threads. Only an opening
/// takes a lock, for a moment, so that the [EjectionLimit] holds.
public final class CircuitBreaker {

    /// A stream that runs for so long without fault wins its trial.
    static final Duration GOOD_STREAM = Duration.ofSeconds(10);

    private static final Closed CLEAN = new Closed(0, 0);

    private final LongSupplier nanoTime;
    private final Listener listener;
    private final Pass usual = new Pass(null, false);
    private final AtomicReference<State> state = new AtomicReference<>(CLEAN);
    private volatile CircuitBreakerSettings settings;
    private volatile EjectionLimit limit = EjectionLimit.NONE;

    /// What the breaker says of its endpoint.
    public enum Standing {
        CLOSED,
        /// No request is sent there as long as another endpoint can take it.
        EJECTED,
        /// One request at a time may wait for its first byte there.
        ON_TRIAL
    }

    /// Hears of changes on the thread that made them; must not block.
    interface Listener {
        void ejected();

        void readmitted();
    }

    private sealed interface State {}

    /// Requests pass; so many requests and probes failed in a row.
    private record Closed(int live, int probes) implements State {}

    /// Requests are kept away from `since` on, in nanoseconds of the clock, for the open time.
    private record Open(long since, Round round) implements State {}

    /// The open time is over and requests were sent on trial.
    ///
    /// @param waiting the one that has no first byte yet; null when the next may be sent
    private record Trial(Round round, @Nullable Pass waiting) implements State {}

    /// One ejection with the trials after it, told from others by its identity.
    private static final class Round {

        /// Whether a live failure had a part in it.
        private final boolean live;

        Round(boolean live) {
            this.live = live;
        }
    }

    /// The right to send one request, and the way to tell how it went: with exactly one of [#succeeded], [#failed]
    /// and [#abandoned], or with none where [#streaming] told enough before.
    ///
    /// Belongs to the event loop of its request.
    public final class Pass {

        /// The ejection in spite of which, or after which, the request was sent; null for one as usual.
        private final @Nullable Round round;

        private final boolean trial;
        private long answeringSince;

        private Pass(@Nullable Round round, boolean trial) {
            this.round = round;
            this.trial = trial;
        }

        /// The first byte of the answer came: the next request may be on trial.
        public void answering() {
            if (trial) {
                answeringSince = nanoTime.getAsLong();
                freePlace(this);
            }
        }

        /// More of a good answer came.
        public void streaming() {
            if (trial && nanoTime.getAsLong() - answeringSince >= GOOD_STREAM.toNanos()) {
                CircuitBreaker.this.succeeded(this);
            }
        }

        /// The endpoint gave a whole answer that speaks for it.
        public void succeeded() {
            CircuitBreaker.this.succeeded(this);
        }

        /// The endpoint is to blame for a failure.
        public void failed() {
            CircuitBreaker.this.failed(this);
        }

        /// The request ended without telling anything of the endpoint, for instance because its client left.
        public void abandoned() {
            freePlace(this);
        }
    }

    /// @param nanoTime a clock such as [System#nanoTime]
    CircuitBreaker(CircuitBreakerSettings settings, LongSupplier nanoTime, Listener listener) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /// Goes on by other settings from now on.
    void use(CircuitBreakerSettings next) {
        settings = next;
    }

    /// Shares this limit with other breakers from now on.
    void limitBy(EjectionLimit next) {
        limit = next;
    }

    public Standing standing() {
        return switch (state.get()) {
            case Closed _ -> Standing.CLOSED;
            case Open open -> isOver(open) ? Standing.ON_TRIAL : Standing.EJECTED;
            case Trial _ -> Standing.ON_TRIAL;
        };
    }

    private boolean isOver(Open open) {
        return nanoTime.getAsLong() - open.since >= settings.openDuration().toNanos();
    }

    /// Whether a request could pass now; takes nothing.
    public boolean admits() {
        return switch (state.get()) {
            case Closed _ -> true;
            case Open open -> isOver(open);
            case Trial trial -> trial.waiting == null;
        };
    }

    /// The right to send one request: always while closed, on trial once the open time is over; null while there is
    /// none.
    public @Nullable Pass tryPass() {
        while (true) {
            State current = state.get();
            if (current instanceof Closed) {
                return usual;
            }
            Round round = roundOf(current);
            if (round == null || !admits()) {
                return null;
            }
            Pass pass = new Pass(round, true);
            if (state.compareAndSet(current, new Trial(round, pass))) {
                return pass;
            }
        }
    }

    /// The right to send one request whatever the breaker says, for where nobody else could take it.
    public Pass passAnyway() {
        Round round = roundOf(state.get());
        return round == null ? usual : new Pass(round, false);
    }

    private static @Nullable Round roundOf(State state) {
        return switch (state) {
            case Closed _ -> null;
            case Open open -> open.round;
            case Trial trial -> trial.round;
        };
    }

    private void succeeded(Pass pass) {
        State before = change(current -> switch (current) {
            case Closed closed -> pass.round == null ? CLEAN : closed;
            case Open open -> open.round == pass.round && !pass.trial ? CLEAN : open;
            case Trial trial -> trial.round == pass.round && pass.trial ? CLEAN : trial;
        });
        boolean readmitted =
                !(before instanceof Closed) && pass.round == roundOf(before) && (before instanceof Trial) == pass.trial;
        if (readmitted) {
            listener.readmitted();
        }
    }

    private void failed(Pass pass) {
        if (pass.round == null) {
            count(1, 0);
        } else if (pass.trial) {
            ejectAgain(pass);
        }
    }

    private void ejectAgain(Pass pass) {
        State current = state.get();
        while (current instanceof Trial trial && trial.round == pass.round) {
            Round next = new Round(true);
            if (eject(trial, next, new Trial(next, null))) {
                return;
            }
            current = state.get();
        }
    }

    private void freePlace(Pass pass) {
        change(current ->
                current instanceof Trial trial && trial.waiting == pass ? new Trial(trial.round, null) : current);
    }

    /// A probe got a good answer.
    void probeSucceeded() {
        change(current -> switch (current) {
            case Closed(int live, int probes) when probes > 0 -> live == 0 ? CLEAN : new Closed(live, 0);
            case Open open when !open.round.live -> CLEAN;
            case Trial trial when !trial.round.live -> CLEAN;
            case State other -> other;
        });
    }

    /// A probe failed. It never ends a trial: that is for live requests.
    void probeFailed() {
        count(0, 1);
    }

    private void count(int live, int probes) {
        while (state.get() instanceof Closed closed) {
            int most = settings.failureThreshold();
            Closed next = new Closed(Math.min(closed.live + live, most), Math.min(closed.probes + probes, most));
            boolean done = next.live + next.probes < most
                    ? state.compareAndSet(closed, next)
                    : eject(closed, new Round(next.live > 0), next);
            if (done) {
                return;
            }
        }
    }

    /// Opens if there is room, else goes over to the other state; false when another change came first.
    private boolean eject(State from, Round round, State otherwise) {
        boolean room;
        EjectionLimit shared = limit;
        synchronized (shared) {
            room = shared.hasRoom(this, settings.maxEjectedPercent());
            State next = room ? new Open(nanoTime.getAsLong(), round) : otherwise;
            if (!state.compareAndSet(from, next)) {
                return false;
            }
        }
        if (room) {
            listener.ejected();
        }
        return true;
    }

    /// @return the state before
    private State change(UnaryOperator<State> step) {
        while (true) {
            State current = state.get();
            State next = step.apply(current);
            if (next.equals(current) || state.compareAndSet(current, next)) {
                return current;
            }
        }
    }
}
