package dev.olla.request.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a request may go.
public sealed interface RoutingDecision extends RoutingStep {

    /// Null when the request names no model, so that there was nothing to decide.
    @Nullable
    RoutingLabel label();

    /// @param candidates at least one, in configuration order
    record Routed(List<Candidate> candidates, @Nullable RoutingLabel label) implements RoutingDecision {
        public Routed {
            candidates = List.copyOf(candidates);
        }
    }

    /// Nobody can take it.
    ///
    /// @param code the word for programs
    /// @param message the words for people
    record Rejected(
            int status,
            String code,
            String message,
            @Nullable RoutingLabel label) implements RoutingDecision {}
}
