package dev.olla.request.select;

import dev.olla.fleet.Placement;
import dev.olla.fleet.Residency;
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
    private final Object loading = new Object();

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

    /// Where a model is to be loaded is decided for one request after the other, so that those which come at once
    /// know of each other's choice; the lock is held for the moment of a choice.
    @Override
    public Candidate place(List<Candidate> candidates) {
        Candidate chosen = choose(candidates);
        if (isHeld(chosen)) {
            return chosen;
        }
        synchronized (loading) {
            Candidate again = choose(candidates);
            Placement place = again.place();
            if (place != null && !isHeld(again)) {
                again.endpoint()
                        .residency()
                        .expect(place.model().name(), place.needs().loadTime().toNanos());
            }
            return again;
        }
    }

    private static boolean isHeld(Candidate candidate) {
        Placement place = candidate.place();
        return place == null
                || place.remote()
                || place.endpoint().residency().standing(place.model().name()) != Residency.Standing.ABSENT;
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
        Experience known = Experience.of(candidates);
        List<ExpectedWait> waits = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            waits.add(ExpectedWait.of(candidate, known, room, busyWindow));
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
