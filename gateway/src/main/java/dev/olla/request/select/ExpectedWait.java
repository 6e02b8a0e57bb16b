package dev.olla.request.select;

import dev.olla.fleet.Endpoint;
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

    /// Before any answer told how long loading takes.
    private static final long USUAL_LOAD = Duration.ofSeconds(10).toNanos();

    /// @param elsewhere the longest loading time of the model anywhere; 0 where none is known
    static ExpectedWait of(Candidate candidate, String asked, long elsewhere, WaitingRoom room, Duration busy) {
        Endpoint endpoint = candidate.endpoint();
        Residency residency = endpoint.residency();
        String model = nameThere(candidate, asked);
        long load = residency.loaded(model) ? 0 : residency.nanosToLoad(model, loadTime(residency, model, elsewhere));
        String victim = residency.victimOf(model, busy);
        long eviction = victim == null ? 0 : loadTime(residency, victim, 0);
        return new ExpectedWait(candidate, untilPlace(endpoint, room), load, eviction);
    }

    static String nameThere(Candidate candidate, String asked) {
        String name = candidate.nativeModel();
        return name == null ? asked : name;
    }

    private static long untilPlace(Endpoint endpoint, WaitingRoom room) {
        int capacity = endpoint.capacity();
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

    private static long loadTime(Residency residency, String model, long elsewhere) {
        long own = residency.measuredLoadNanos(model);
        if (own > 0) {
            return own;
        }
        return elsewhere > 0 ? elsewhere : USUAL_LOAD;
    }

    long nanos() {
        return place + load + eviction;
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
