package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import dev.olla.request.route.Way;
import java.util.ArrayList;
import java.util.List;

/// Has another balancer choose among those candidates first that take the request as it is.
public final class NativeFirst implements Balancer {

    private final Balancer inner;

    public NativeFirst(Balancer inner) {
        this.inner = inner;
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return inner.choose(preferred(candidates));
    }

    @Override
    public boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        return inner.rathersWaits(free, all);
    }

    @Override
    public void affinityIsOver() {
        inner.affinityIsOver();
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        return inner.foresee(preferred(candidates));
    }

    @Override
    public List<Score> scores(List<Candidate> candidates) {
        return inner.scores(candidates);
    }

    private static List<Candidate> preferred(List<Candidate> candidates) {
        List<Candidate> asTheyAre = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (candidate.way() instanceof Way.AsItIs) {
                asTheyAre.add(candidate);
            }
        }
        return asTheyAre.isEmpty() ? candidates : asTheyAre;
    }
}
