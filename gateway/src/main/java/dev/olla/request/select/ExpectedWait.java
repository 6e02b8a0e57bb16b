package dev.olla.request.select;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Placement;
import dev.olla.fleet.Residency;
import dev.olla.request.route.Candidate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How long a request would wait at a candidate, in nanoseconds, and what for.
///
/// @param place until a place is free there
/// @param load until the model is loaded; 0 where it is
/// @param copy what is left of a load of the model elsewhere, where this would be a second copy; 0 where it isn't
/// @param eviction the loading time of a busy model that would be pushed out; 0 where none would
record ExpectedWait(Candidate candidate, long place, long load, long copy, long eviction) {

    /// Before any request told how long one takes.
    private static final long USUAL_SERVICE = Duration.ofSeconds(1).toNanos();

    /// @param busy how long a model counts as in use after a request for it
    static ExpectedWait of(Candidate candidate, Experience known, WaitingRoom room, Duration busy) {
        Placement there = candidate.place();
        int capacity = there == null ? 1 : there.capacity();
        long untilPlace = untilPlace(candidate.endpoint(), capacity, known, room);
        if (there == null || there.remote()) {
            return new ExpectedWait(candidate, untilPlace, 0, 0, 0);
        }
        Residency residency = candidate.endpoint().residency();
        String victim = residency.victimOf(there.model().name(), busy);
        return new ExpectedWait(
                candidate,
                untilPlace,
                known.untilLoaded(there),
                known.secondCopy(there),
                victim == null ? 0 : residency.loadNanos(victim));
    }

    /// As long as nobody knows how long a request takes, those who wait at the gateway don't count: they are bound
    /// to no server, and will know before they have to choose.
    private static long untilPlace(Endpoint endpoint, int capacity, Experience known, WaitingRoom room) {
        long recent = endpoint.places().recentNanos();
        long service = recent > 0 ? recent : known.service();
        int queued = service > 0 ? queued(endpoint, room) : 0;
        int before = endpoint.places().running() + queued - capacity + 1;
        return before <= 0 ? 0 : before * (service > 0 ? service : USUAL_SERVICE) / capacity;
    }

    /// Those who wait for a model that is loaded there wait for this server.
    private static int queued(Endpoint endpoint, WaitingRoom room) {
        if (room.isEmpty()) {
            return 0;
        }
        int queued = 0;
        for (String model : endpoint.residency().models()) {
            queued += room.waiting(model);
        }
        return queued;
    }

    long nanos() {
        return place + load + copy + eviction;
    }

    /// Rounded to whole ones.
    double millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    /// In words, for people.
    String reason() {
        return "a place in " + millis(place) + ", " + (load == 0 ? "loaded" : "to be loaded in " + millis(load))
                + (copy == 0 ? "" : ", while another loads it (" + millis(copy) + " more)")
                + (eviction == 0 ? "" : ", pushes out a model in use (" + millis(eviction) + ")");
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + "ms";
    }
}
