package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses the endpoint where the request is expected to wait least, for a place and for its model to be loaded;
/// of equals that with the fewest attempts in flight.
final class ResidentFirst implements Balancer {

    private final WaitingRoom room;
    private final Duration busyWindow;
    private final LeastConnections inner;
    private final @Nullable String model;

    /// @param model null before it is known
    ResidentFirst(WaitingRoom room, Duration busyWindow, LeastConnections inner, @Nullable String model) {
        this.room = room;
        this.busyWindow = busyWindow;
        this.inner = inner;
        this.model = model;
    }

    @Override
    public Balancer forModel(String asked) {
        return new ResidentFirst(room, busyWindow, inner, asked);
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return model == null || candidates.size() == 1
                ? inner.choose(candidates)
                : inner.choose(least(waits(candidates, model)));
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        return model == null || candidates.size() == 1
                ? inner.foresee(candidates)
                : inner.foresee(least(waits(candidates, model)));
    }

    /// The expected wait in milliseconds, below zero.
    @Override
    public double score(Candidate candidate) {
        return model == null
                ? inner.score(candidate)
                : -waits(List.of(candidate), model).getFirst().nanos() / 1e6;
    }

    @Override
    public boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        if (model == null || free.isEmpty()) {
            return false;
        }
        for (Candidate candidate : least(waits(all, model))) {
            if (free.contains(candidate)) {
                return false;
            }
        }
        return true;
    }

    /// What is expected of each candidate, in the same order.
    List<ExpectedWait> waits(List<Candidate> candidates, String asked) {
        long elsewhere = 0;
        for (Candidate candidate : candidates) {
            String name = ExpectedWait.nameThere(candidate, asked);
            elsewhere = Math.max(elsewhere, candidate.endpoint().residency().measuredLoadNanos(name));
        }
        List<ExpectedWait> waits = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            waits.add(ExpectedWait.of(candidate, asked, elsewhere, room, busyWindow));
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
