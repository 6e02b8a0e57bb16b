package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Chooses the endpoint with the fewest attempts in flight; equals take turns.
final class LeastConnections implements Balancer {

    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public Candidate choose(List<Candidate> candidates) {
        List<Candidate> least = least(candidates);
        return least.size() == 1 ? least.getFirst() : least.get(Math.floorMod(turn.getAndIncrement(), least.size()));
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        List<Candidate> least = least(candidates);
        return least.get(Math.floorMod(turn.get(), least.size()));
    }

    @Override
    public double score(Candidate candidate) {
        return -candidate.endpoint().inFlight().get();
    }

    private static List<Candidate> least(List<Candidate> candidates) {
        List<Candidate> least = new ArrayList<>(candidates.size());
        int fewest = Integer.MAX_VALUE;
        for (Candidate candidate : candidates) {
            int inFlight = candidate.endpoint().inFlight().get();
            if (inFlight < fewest) {
                fewest = inFlight;
                least.clear();
            }
            if (inFlight == fewest) {
                least.add(candidate);
            }
        }
        return least;
    }
}
