package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;

/// Chooses one of several endpoints. Safe for all threads, never waits.
@FunctionalInterface
public interface Balancer {

    /// @param candidates at least one, in configuration order
    Candidate choose(List<Candidate> candidates);

    /// Chooses for a request that takes a place: the model is expected there from now on, and may have to be loaded.
    ///
    /// @param candidates at least one, in configuration order
    default Candidate place(List<Candidate> candidates) {
        return choose(candidates);
    }

    /// Whether a request does better to wait for one of all candidates than to take one of those that are free.
    default boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        return false;
    }

    /// The request has waited long enough for the server that its conversation is used to.
    default void affinityIsOver() {}

    /// What [#choose] would choose, as far as that can be told without changing anything.
    default Candidate foresee(List<Candidate> candidates) {
        return choose(candidates);
    }

    /// How each candidate stands in what this balancer compares, in the same order.
    default List<Score> scores(List<Candidate> candidates) {
        return Score.each(candidates, _ -> 0);
    }
}
