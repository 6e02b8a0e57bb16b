package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;

/// Chooses the endpoints in turn, by one order for all requests, each as often as its share says.
final class RoundRobin implements Balancer {

    private final Turns turns;

    /// @param prefersLoaded whether, where it is the turn of several, one that has the model loaded comes first
    RoundRobin(boolean prefersLoaded) {
        turns = new Turns(prefersLoaded);
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return turns.next(candidates);
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        return turns.peek(candidates);
    }
}
