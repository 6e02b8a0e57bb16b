package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Chooses among the endpoints of the highest priority only, at random by their shares.
final class HighestPriority implements Balancer {

    private final RandomGenerator random;
    private final boolean prefersLoaded;

    /// @param prefersLoaded whether, in a tier, those that have the model loaded come first while no other has
    ///     fewer attempts in flight for its share
    HighestPriority(RandomGenerator random, boolean prefersLoaded) {
        this.random = random;
        this.prefersLoaded = prefersLoaded;
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        List<Candidate> tier = preferred(tier(candidates));
        double[] shares = new double[tier.size()]; // taken once: they may change with time
        double total = 0;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = tier.get(i).share();
            total += shares[i];
        }
        double point = random.nextDouble() * total;
        for (int i = 0; i < shares.length; i++) {
            point -= shares[i];
            if (point < 0) {
                return tier.get(i);
            }
        }
        return tier.getLast();
    }

    @Override
    public List<Score> scores(List<Candidate> candidates) {
        return Score.each(candidates, candidate -> candidate.endpoint().priority());
    }

    private List<Candidate> preferred(List<Candidate> tier) {
        if (!prefersLoaded || tier.size() == 1) {
            return tier;
        }
        List<Candidate> preferred = new ArrayList<>(tier.size());
        for (Candidate candidate : LeastConnections.idlest(tier)) {
            if (candidate.loaded()) {
                preferred.add(candidate);
            }
        }
        return preferred.isEmpty() ? tier : preferred;
    }

    /// Those of the highest priority, in the same order.
    static List<Candidate> tier(List<Candidate> candidates) {
        List<Candidate> tier = new ArrayList<>(candidates.size());
        int highest = Integer.MIN_VALUE;
        for (Candidate candidate : candidates) {
            int priority = candidate.endpoint().priority();
            if (priority > highest) {
                highest = priority;
                tier.clear();
            }
            if (priority == highest) {
                tier.add(candidate);
            }
        }
        return tier;
    }
}
