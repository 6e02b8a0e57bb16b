package dev.olla.request.select;

import dev.olla.fleet.Places;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request in the [WaitingRoom]; all of it is guarded by the room's lock while it waits.
final class Ticket {

    private final Demand demand;
    private final long since;
    private final Executor loop;
    private final Guest guest;
    private final Consumer<Claim> taker;
    private List<Places> places = List.of();
    private @Nullable Claim claim;

    /// What waits: asked under the lock of the room, on any thread.
    interface Guest {

        /// The servers that it waits for.
        List<Places> places();

        /// Takes a free place if there is one that it wants.
        @Nullable
        Claim seat();

        /// Asks again where it may go; on its loop, without the lock.
        void reconsider();
    }

    /// @param since in the terms of the room's clock
    /// @param loop runs what it is given later, never at once
    /// @param taker gets the place, on the loop
    Ticket(Demand demand, long since, Executor loop, Guest guest, Consumer<Claim> taker) {
        this.demand = demand;
        this.since = since;
        this.loop = loop;
        this.guest = guest;
        this.taker = taker;
    }

    Demand demand() {
        return demand;
    }

    long since() {
        return since;
    }

    /// Takes down what it waits for now.
    void enlist() {
        delist();
        places = List.copyOf(guest.places());
        places.forEach(each -> each.queue(1));
    }

    void delist() {
        places.forEach(each -> each.queue(-1));
        places = List.of();
    }

    boolean waitsFor(Places server) {
        for (Places each : places) {
            if (each == server) {
                return true;
            }
        }
        return false;
    }

    /// Whether both wait for the same servers, so that what doesn't suit the one doesn't suit the other.
    boolean waitsLike(Ticket other) {
        return places.equals(other.places);
    }

    boolean seat() {
        claim = guest.seat();
        return claim != null;
    }

    void reconsider() {
        loop.execute(guest::reconsider);
    }

    /// Hands the place over to the loop of the request. Not under the lock.
    void handOver() {
        Claim seated = claim;
        if (seated == null) {
            throw new IllegalStateException("no place was taken");
        }
        try {
            loop.execute(() -> taker.accept(seated));
        } catch (RuntimeException closed) {
            seated.release();
            throw closed;
        }
    }
}
