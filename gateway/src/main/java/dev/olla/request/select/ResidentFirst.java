package dev.olla.request.select;

import dev.olla.fleet.Placement;
import dev.olla.request.route.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Chooses the endpoint where the request is expected to wait least, for a place and for its model to be loaded;
/// of equals that with the fewest attempts in flight.
final class ResidentFirst implements Balancer {

    private final WaitingRoom room;
    private final Duration busyWindow;
    private final LeastConnections inner;

    /// @param busyWindow how long a model counts as in use after a request for it
    ResidentFirst(WaitingRoom room, Duration busyWindow, LeastConnections inner) {
        this.room = room;
        this.busyWindow = busyWindow;
        this.inner = inner;
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return inner.choose(candidates.size() == 1 ? candidates : least(waits(candidates)));
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        return inner.foresee(candidates.size() == 1 ? candidates : least(waits(candidates)));
    }

    /// The expected waits in milliseconds, below zero.
    @Override
    public List<Score> scores(List<Candidate> candidates) {
        return waits(candidates).stream()
                .map(wait -> new Score(-wait.millis(), wait::reason))
                .toList();
    }

    @Override
    public boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        if (free.isEmpty()) {
            return false;
        }
        for (Candidate candidate : least(waits(all))) {
            if (free.contains(candidate)) {
                return false;
            }
        }
        return true;
    }

    /// What is expected of each candidate, in the same order.
    private List<ExpectedWait> waits(List<Candidate> candidates) {
        long elsewhere = 0;
        for (Candidate candidate : candidates) {
            Placement place = candidate.place();
            if (place != null) {
                elsewhere = Math.max(
                        elsewhere,
                        place.endpoint()
                                .residency()
                                .measuredLoadNanos(place.model().name()));
            }
        }
        List<ExpectedWait> waits = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            waits.add(ExpectedWait.of(candidate, elsewhere, room, busyWindow));
        }
        return waits;
    }

    private static List<Candidate> least(List<ExpectedWait> waits) {
        List<Candidate> least = new ArrayList<>(waits.size());
        long shortest = Long.MAX_VALUE;
        for (ExpectedWait wait : waits) {
            if (wait.nanos() < shortest) {
                shortest = wait.nanos();
                least.clear();
            }
            if (wait.nanos() == shortest) {
                least.add(wait.candidate());
            }
        }
        return least;
    }
}
