package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;

/// Chooses one of several endpoints. Safe for all threads, never waits.
@FunctionalInterface
public interface Balancer {

    /// @param candidates at least one, in configuration order
    Candidate choose(List<Candidate> candidates);

    /// The same balancer for requests that need this model.
    default Balancer forModel(String model) {
        return this;
    }

    /// Whether a request does better to wait for one of all candidates than to take one of those that are free.
    default boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        return false;
    }
}
