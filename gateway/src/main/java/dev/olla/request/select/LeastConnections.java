package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses the endpoint with the fewest attempts in flight for its share; of equals those of the highest priority
/// take turns.
final class LeastConnections implements Balancer {

    private final Turns turns;
    private final boolean prefersLoaded;
    private final @Nullable String model;

    /// @param prefersLoaded whether, of equals, those that have the model loaded come first
    LeastConnections(boolean prefersLoaded) {
        this(new Turns(), prefersLoaded, null);
    }

    private LeastConnections(Turns turns, boolean prefersLoaded, @Nullable String model) {
        this.turns = turns;
        this.prefersLoaded = prefersLoaded;
        this.model = model;
    }

    @Override
    public Balancer forModel(String asked) {
        return prefersLoaded ? new LeastConnections(turns, true, asked) : this;
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
    public double score(Candidate candidate) {
        return -load(candidate);
    }

    private static double load(Candidate candidate) {
        return candidate.endpoint().inFlight().get() / candidate.share();
    }

    private List<Candidate> least(List<Candidate> candidates) {
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
        return HighestPriority.tier(loaded(least));
    }

    private List<Candidate> loaded(List<Candidate> equals) {
        String asked = model;
        if (asked == null || equals.size() == 1) {
            return equals;
        }
        List<Candidate> loaded = new ArrayList<>(equals.size());
        for (Candidate candidate : equals) {
            if (candidate.endpoint().residency().loaded(ExpectedWait.nameThere(candidate, asked))) {
                loaded.add(candidate);
            }
        }
        return loaded.isEmpty() ? equals : loaded;
    }
}
