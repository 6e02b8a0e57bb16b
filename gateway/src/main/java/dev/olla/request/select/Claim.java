package dev.olla.request.select;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.fleet.Placement;
import dev.olla.fleet.Residency;
import dev.olla.request.route.Candidate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An attempt's hold on an endpoint: counted in flight, and in one of its places, until it is released.
///
/// Belongs to one request, on one thread at a time.
public final class Claim {

    private final Candidate candidate;
    private final CircuitBreaker.Pass pass;
    private final @Nullable Seat seat;
    private final long since;
    /// When the answer was complete; meaningless before [#served].
    private long until;
    private boolean served;
    private boolean released;

    /// A place that was taken.
    ///
    /// @param room that is told when the place comes free
    /// @param place of the model that is asked for
    /// @param standing of the model when the place was taken
    /// @param running how many places were taken then, this one included
    record Seat(WaitingRoom room, Placement place, Residency.Standing standing, int running) {

        /// @param place what was taken of it
        static Seat at(Placement place, WaitingRoom room) {
            Residency.Standing standing = place.remote()
                    ? Residency.Standing.LOADED
                    : place.endpoint()
                            .residency()
                            .use(place.model().name(), place.needs().loadTime().toNanos());
            return new Seat(room, place, standing, place.endpoint().places().running());
        }

        boolean loaded() {
            return standing == Residency.Standing.LOADED;
        }

        void answering() {
            residency().answering(place.model().name());
        }

        boolean answered(long loadNanos) {
            return !place.remote() && residency().answered(place.model().name(), loadNanos);
        }

        void giveBack(boolean answered) {
            if (!place.remote()) {
                residency().left(place.model().name(), answered);
            }
            place.endpoint().places().giveBack();
            room.freed(place.endpoint().places());
        }

        /// What the request itself took: without loading, and its share of what it waited behind others there. Zero
        /// or less where that can't be told.
        ///
        /// @param load the loading time that the answer told
        long ownNanos(long since, long until, long load) {
            int rounds = Math.ceilDiv(Math.max(1, running), place.capacity());
            if (loaded()) {
                return (until - since) / rounds;
            }
            if (residency().provesLoad(place.model().name(), load)) {
                return (until - since - load) / rounds;
            }
            // The load ended when the first of them began to be answered.
            return sinceLoaded(until) / rounds;
        }

        private long sinceLoaded(long until) {
            String model = place.model().name();
            return residency().loaded(model) ? until - residency().since(model) : 0;
        }

        private Residency residency() {
            return place.endpoint().residency();
        }
    }

    /// @param seat null where no place was taken
    Claim(Candidate candidate, CircuitBreaker.Pass pass, @Nullable Seat seat) {
        this.candidate = candidate;
        this.pass = pass;
        this.seat = seat;
        this.since = seat == null ? 0 : seat.room.now();
        candidate.endpoint().inFlight().incrementAndGet();
    }

    public Candidate candidate() {
        return candidate;
    }

    /// Tells the endpoint's breaker how the attempt went.
    public CircuitBreaker.Pass pass() {
        return pass;
    }

    /// The first bytes of a good answer are there: the model is loaded.
    public void answering() {
        if (seat != null && !seat.loaded()) {
            seat.answering();
        }
    }

    /// The endpoint answered in full.
    public void served() {
        if (seat != null && !released) {
            served = true;
            until = seat.room.now();
        }
    }

    /// How long the model is estimated to take to load there; zero where it was loaded when the place was taken, as
    /// far as is known, or where no place was taken.
    public Duration loadTime() {
        if (seat == null || seat.loaded()) {
            return Duration.ZERO;
        }
        String model = seat.place.model().name();
        Duration measured = Duration.ofNanos(candidate.endpoint().residency().measuredLoadNanos(model));
        Duration estimate = seat.place.needs().loadTime();
        return measured.compareTo(estimate) > 0 ? measured : estimate;
    }

    /// The answer told how long its model took to load, so that what else it took tells how long the next may take.
    ///
    /// @return whether it had to be loaded
    boolean loadTook(long nanos) {
        if (seat == null) {
            return false;
        }
        long own = served ? seat.ownNanos(since, until, nanos) : 0;
        if (own > 0) {
            candidate.endpoint().places().served(own);
        }
        return seat.answered(nanos);
    }

    /// Does nothing the second time.
    public void release() {
        if (released) {
            return;
        }
        released = true;
        candidate.endpoint().inFlight().decrementAndGet();
        if (seat != null) {
            seat.giveBack(served);
        }
    }
}
