package dev.olla.request.select;

import dev.olla.fleet.Endpoint;
import dev.olla.request.route.Candidate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whose turn it is among endpoints of different shares: each comes as often as its share says, spread evenly.
///
/// Smooth weighted round-robin: every candidate earns its share, the richest is chosen and pays what all have
/// earned. Equals take turns in configuration order. Safe for all threads; the lock is held for moments only.
final class Turns {

    private static final double ROUNDING = 1e-9;

    private final Map<Endpoint, Double> earned = new HashMap<>();
    private final boolean prefersLoaded;

    /// @param prefersLoaded whether, of those that have earned the same, one that has the model loaded comes first
    Turns(boolean prefersLoaded) {
        this.prefersLoaded = prefersLoaded;
    }

    /// @param candidates at least one, in configuration order; of those that have earned the same, the one of the
    ///     highest priority comes first
    Candidate next(List<Candidate> candidates) {
        return candidates.size() == 1 ? candidates.getFirst() : richest(candidates);
    }

    private synchronized Candidate richest(List<Candidate> candidates) {
        Candidate richest = candidates.getFirst();
        double most = Double.NEGATIVE_INFINITY;
        double total = 0;
        for (Candidate candidate : candidates) {
            double share = candidate.share();
            double has = earned.merge(candidate.endpoint(), share, Double::sum);
            total += share;
            if (has > most + ROUNDING || (has > most - ROUNDING && precedes(candidate, richest))) {
                richest = candidate;
                most = has;
            }
        }
        earned.merge(richest.endpoint(), -total, Double::sum);
        return richest;
    }

    /// Whose turn it would be; nobody's turn passes.
    ///
    /// @param candidates at least one, in configuration order
    synchronized Candidate peek(List<Candidate> candidates) {
        Candidate richest = candidates.getFirst();
        double most = Double.NEGATIVE_INFINITY;
        for (Candidate candidate : candidates) {
            double has = earned.getOrDefault(candidate.endpoint(), 0.0) + candidate.share();
            if (has > most + ROUNDING || (has > most - ROUNDING && precedes(candidate, richest))) {
                richest = candidate;
                most = has;
            }
        }
        return richest;
    }

    private boolean precedes(Candidate candidate, Candidate other) {
        if (prefersLoaded && candidate.loaded() != other.loaded()) {
            return candidate.loaded();
        }
        return candidate.endpoint().priority() > other.endpoint().priority();
    }
}
