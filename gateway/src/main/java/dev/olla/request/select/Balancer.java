package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;

/// Chooses one of several endpoints. Safe for all threads, never waits.
@FunctionalInterface
public interface Balancer {

    /// @param candidates at least one, in configuration order
    Candidate choose(List<Candidate> candidates);

    /// What [#choose] would choose, as far as that can be told without changing anything.
    default Candidate foresee(List<Candidate> candidates) {
        return choose(candidates);
    }

    /// How the candidate stands in what this balancer compares; higher is better.
    default double score(Candidate candidate) {
        return 0;
    }
}
