package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;

/// Chooses one of several endpoints. Safe for all threads, never waits.
@FunctionalInterface
public interface Balancer {

    /// @param candidates at least one, in configuration order
    Candidate choose(List<Candidate> candidates);
}
