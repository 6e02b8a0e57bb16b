package dev.olla.request.select;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes one candidate after the other for the attempts of a request, each at most once.
///
/// Candidates whose breaker is open come last: a request is never refused for the breaker's sake alone. Lives on the
/// event loop of its request.
public final class Selection {

    private final Balancer balancer;
    private final List<Candidate> left;

    public Selection(Balancer balancer, List<Candidate> candidates) {
        this.balancer = balancer;
        this.left = new ArrayList<>(candidates);
    }

    /// An attempt's hold on an endpoint: counted in flight until it is released.
    public static final class Claim {

        private final Candidate candidate;
        private boolean released;

        private Claim(Candidate candidate) {
            this.candidate = candidate;
            candidate.endpoint().inFlight().incrementAndGet();
        }

        public Candidate candidate() {
            return candidate;
        }

        /// Does nothing the second time.
        public void release() {
            if (!released) {
                released = true;
                candidate.endpoint().inFlight().decrementAndGet();
            }
        }
    }

    /// The next candidate, or null when all were tried.
    public @Nullable Claim next() {
        List<Candidate> admitted = new ArrayList<>(left.size());
        for (Candidate candidate : left) {
            if (breaker(candidate).admits()) {
                admitted.add(candidate);
            }
        }
        while (!admitted.isEmpty()) {
            Candidate chosen = balancer.choose(admitted);
            if (breaker(chosen).tryPass()) {
                return claim(chosen);
            }
            admitted.remove(chosen);
        }
        return left.isEmpty() ? null : claim(balancer.choose(left));
    }

    private static CircuitBreaker breaker(Candidate candidate) {
        return candidate.endpoint().breaker();
    }

    private Claim claim(Candidate chosen) {
        left.remove(chosen);
        return new Claim(chosen);
    }
}
