package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.List;

/// Has another balancer choose among the candidates that are preferred to others.
abstract class Preferring implements Balancer {

    private final Balancer inner;

    Preferring(Balancer inner) {
        this.inner = inner;
    }

    /// Those among which one is chosen: at least one, in the same order.
    abstract List<Candidate> preferred(List<Candidate> candidates);

    @Override
    public final Candidate choose(List<Candidate> candidates) {
        return inner.choose(preferred(candidates));
    }

    @Override
    public final Candidate place(List<Candidate> candidates) {
        return inner.place(preferred(candidates));
    }

    @Override
    public final boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        return inner.rathersWaits(free, all);
    }

    @Override
    public final void affinityIsOver() {
        inner.affinityIsOver();
    }

    @Override
    public final Candidate foresee(List<Candidate> candidates) {
        return inner.foresee(preferred(candidates));
    }

    @Override
    public final List<Score> scores(List<Candidate> candidates) {
        return inner.scores(candidates);
    }
}
