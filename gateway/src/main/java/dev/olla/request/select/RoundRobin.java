package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Chooses the endpoints in turn, by one counter for all requests.
final class RoundRobin implements Balancer {

    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        return candidates.get(Math.floorMod(turn.get(), candidates.size()));
    }
}
