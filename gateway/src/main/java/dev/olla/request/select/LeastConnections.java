package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;

/// Chooses the endpoint with the fewest attempts in flight for its share; of equals those of the highest priority
/// take turns.
final class LeastConnections implements Balancer {

    private final Turns turns = new Turns();

    @Override
    public Candidate choose(List<Candidate> candidates) {
        List<Candidate> least = new ArrayList<>(candidates.size());
        double fewest = Double.POSITIVE_INFINITY;
        for (Candidate candidate : candidates) {
            double load = candidate.endpoint().inFlight().get() / candidate.share();
            if (load < fewest) {
                fewest = load;
                least.clear();
            }
            if (load == fewest) {
                least.add(candidate);
            }
        }
        return turns.next(HighestPriority.tier(least));
    }
}
