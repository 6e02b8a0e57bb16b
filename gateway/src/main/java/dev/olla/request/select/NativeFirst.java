package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import dev.olla.request.route.Way;
import java.util.ArrayList;
import java.util.List;

/// Has another balancer choose among those candidates first that take the request as it is.
public final class NativeFirst extends Preferring {

    public NativeFirst(Balancer inner) {
        super(inner);
    }

    @Override
    List<Candidate> preferred(List<Candidate> candidates) {
        List<Candidate> asTheyAre = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (candidate.way() instanceof Way.AsItIs) {
                asTheyAre.add(candidate);
            }
        }
        return asTheyAre.isEmpty() ? candidates : asTheyAre;
    }
}
