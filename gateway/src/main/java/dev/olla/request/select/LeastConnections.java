package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;

/// Chooses the endpoint with the fewest attempts in flight for its share; of equals those that have the model
/// loaded, then those of the highest priority, take turns.
final class LeastConnections implements Balancer {

    private final Turns turns = new Turns(false);
    private final boolean prefersLoaded;

    /// @param prefersLoaded whether, of equals, those that have the model loaded come first
    LeastConnections(boolean prefersLoaded) {
        this.prefersLoaded = prefersLoaded;
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return turns.next(least(candidates));
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        return turns.peek(least(candidates));
    }

    @Override
    public List<Score> scores(List<Candidate> candidates) {
        return Score.each(candidates, candidate -> -load(candidate));
    }

    private List<Candidate> least(List<Candidate> candidates) {
        List<Candidate> least = idlest(candidates);
        return HighestPriority.tier(prefersLoaded ? loaded(least) : least);
    }

    /// Attempts in flight for its share.
    private static double load(Candidate candidate) {
        return candidate.endpoint().inFlight().get() / candidate.share();
    }

    /// Those with the fewest attempts in flight for their share, in the same order.
    static List<Candidate> idlest(List<Candidate> candidates) {
        if (candidates.size() == 1) {
            return candidates;
        }
        List<Candidate> least = new ArrayList<>(candidates.size());
        double fewest = Double.POSITIVE_INFINITY;
        for (Candidate candidate : candidates) {
            double load = load(candidate);
            if (load < fewest) {
                fewest = load;
                least.clear();
            }
            if (load == fewest) {
                least.add(candidate);
            }
        }
        return least;
    }

    /// Those that have the model loaded, in the same order; all of them where none has.
    static List<Candidate> loaded(List<Candidate> equals) {
        if (equals.size() == 1) {
            return equals;
        }
        List<Candidate> loaded = new ArrayList<>(equals.size());
        for (Candidate candidate : equals) {
            if (candidate.loaded()) {
                loaded.add(candidate);
            }
        }
        return loaded.isEmpty() ? equals : loaded;
    }
}
