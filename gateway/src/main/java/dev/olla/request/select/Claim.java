package dev.olla.request.select;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Placement;
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
    private boolean served;
    private boolean released;

    /// A place that was taken.
    ///
    /// @param room that is told when the place comes free
    /// @param place of the model that is asked for
    /// @param loaded whether the model was loaded when the place was taken
    /// @param running how many places were taken then, this one included
    record Seat(WaitingRoom room, Placement place, boolean loaded, int running) {

        /// @param place what was taken of it
        static Seat at(Placement place, WaitingRoom room) {
            Endpoint endpoint = place.endpoint();
            boolean loaded =
                    place.remote() || endpoint.residency().use(place.model().name(), estimate(place));
            return new Seat(room, place, loaded, endpoint.places().running());
        }

        private static long estimate(Placement place) {
            return place.needs().loadTime().toNanos();
        }

        boolean answered(long loadNanos) {
            return !place.remote()
                    && place.endpoint().residency().answered(place.model().name(), loadNanos);
        }

        /// Rounds of requests that the server had to go through for this one.
        int rounds() {
            return Math.ceilDiv(Math.max(1, running), place.capacity());
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

    /// The endpoint answered in full, so that the time it took tells how long the next may take: its own time, not
    /// that of the requests which it had to work on before, nor that of loading.
    public void served() {
        if (seat == null || released) {
            return;
        }
        served = true;
        if (seat.loaded) {
            candidate.endpoint().places().served((seat.room.now() - since) / seat.rounds());
        }
    }

    /// How long the model is estimated to take to load there; zero where it was loaded when the place was taken, as
    /// far as is known, or where no place was taken.
    public Duration loadTime() {
        if (seat == null || seat.loaded) {
            return Duration.ZERO;
        }
        String model = seat.place.model().name();
        Duration measured = Duration.ofNanos(candidate.endpoint().residency().measuredLoadNanos(model));
        Duration estimate = seat.place.needs().loadTime();
        return measured.compareTo(estimate) > 0 ? measured : estimate;
    }

    /// The answer told how long its model took to load.
    ///
    /// @return whether it had to be loaded
    boolean loadTook(long nanos) {
        return seat != null && seat.answered(nanos);
    }

    /// Does nothing the second time.
    public void release() {
        if (released) {
            return;
        }
        released = true;
        Endpoint endpoint = candidate.endpoint();
        endpoint.inFlight().decrementAndGet();
        if (seat != null) {
            if (!served && !seat.loaded) {
                endpoint.residency().failed(seat.place.model().name());
            }
            endpoint.places().giveBack();
            seat.room.freed(endpoint.places());
        }
    }
}
