package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;

/// Has another balancer choose among those candidates first whose model is known to do what the request needs.
public final class AbleFirst extends Preferring {

    private final boolean withinTier;

    /// @param withinTier whether a higher priority counts for more
    public AbleFirst(Balancer inner, boolean withinTier) {
        super(inner);
        this.withinTier = withinTier;
    }

    @Override
    List<Candidate> preferred(List<Candidate> candidates) {
        if (areAlike(candidates)) {
            return candidates;
        }
        int highest = Integer.MIN_VALUE;
        for (Candidate candidate : candidates) {
            highest = Math.max(highest, candidate.endpoint().priority());
        }
        List<Candidate> able = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (candidate.declared() && (!withinTier || candidate.endpoint().priority() == highest)) {
                able.add(candidate);
            }
        }
        return able.isEmpty() ? candidates : able;
    }

    private static boolean areAlike(List<Candidate> candidates) {
        boolean first = candidates.getFirst().declared();
        for (Candidate candidate : candidates) {
            if (candidate.declared() != first) {
                return false;
            }
        }
        return true;
    }
}
