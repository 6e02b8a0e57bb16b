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
/// @param eviction the loading time of a busy model that would be pushed out; 0 where none would
record ExpectedWait(Candidate candidate, long place, long load, long eviction) {

    /// Before any request told how long one takes.
    private static final long USUAL_SERVICE = Duration.ofSeconds(1).toNanos();

    /// @param elsewhere the longest loading time of the model that was measured anywhere; 0 where none was
    static ExpectedWait of(Candidate candidate, long elsewhere, WaitingRoom room, Duration busy) {
        Placement there = candidate.place();
        int capacity = there == null ? 1 : there.capacity();
        long untilPlace = untilPlace(candidate.endpoint(), capacity, room);
        if (there == null || there.remote()) {
            return new ExpectedWait(candidate, untilPlace, 0, 0);
        }
        Residency residency = candidate.endpoint().residency();
        String model = there.model().name();
        long load = residency.nanosToLoad(model, loadTime(residency, there, elsewhere));
        String victim = residency.victimOf(model, busy);
        return new ExpectedWait(candidate, untilPlace, load, victim == null ? 0 : residency.loadNanos(victim));
    }

    private static long untilPlace(Endpoint endpoint, int capacity, WaitingRoom room) {
        int before = endpoint.places().running() + queued(endpoint, room) - capacity + 1;
        if (before <= 0) {
            return 0;
        }
        long recent = endpoint.places().recentNanos();
        return before * (recent == 0 ? USUAL_SERVICE : recent) / capacity;
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

    /// Measured there, else elsewhere, else as the profile of the kind estimates.
    private static long loadTime(Residency residency, Placement there, long elsewhere) {
        long own = residency.measuredLoadNanos(there.model().name());
        if (own > 0 || elsewhere > 0) {
            return own > 0 ? own : elsewhere;
        }
        return there.needs().loadTime().toNanos();
    }

    long nanos() {
        return place + load + eviction;
    }

    /// Rounded to whole ones.
    double millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    /// In words, for people.
    String reason() {
        return "a place in " + millis(place) + ", " + (load == 0 ? "loaded" : "to be loaded in " + millis(load))
                + (eviction == 0 ? "" : ", pushes out a model in use (" + millis(eviction) + ")");
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + "ms";
    }
}
