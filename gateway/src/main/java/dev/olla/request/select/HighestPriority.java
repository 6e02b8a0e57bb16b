package dev.olla.request.select;

import dev.olla.fleet.EndpointStatus;
import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Chooses among the endpoints of the highest priority only, at random by how ready they are.
final class HighestPriority implements Balancer {

    private final RandomGenerator random;

    HighestPriority(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        List<Candidate> tier = highest(candidates);
        double total = 0;
        for (Candidate candidate : tier) {
            total += weight(candidate.status());
        }
        double point = random.nextDouble() * total;
        for (Candidate candidate : tier) {
            point -= weight(candidate.status());
            if (point < 0) {
                return candidate;
            }
        }
        return tier.getLast();
    }

    @Override
    public double score(Candidate candidate) {
        return candidate.endpoint().priority();
    }

    private static List<Candidate> highest(List<Candidate> candidates) {
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

    private static double weight(EndpointStatus status) {
        return switch (status) {
            case BUSY -> 0.3;
            case WARMING -> 0.1;
            case HEALTHY, OFFLINE, UNHEALTHY, CONFIG_ERROR, RATE_LIMITED, UNKNOWN -> 1.0;
        };
    }
}
