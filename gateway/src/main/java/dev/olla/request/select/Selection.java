package dev.olla.request.select;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes one candidate after the other for the attempts of a request, each at most once.
///
/// Candidates whose breaker is open come last: a request is never refused for the breaker's sake alone. One that has
/// had its share of requests is none for now. Lives on the event loop of its request.
public final class Selection {

    private final Balancer balancer;
    private final EndpointRates rates;
    private final List<Candidate> left;
    private @Nullable Claim claimed;

    public Selection(Balancer balancer, EndpointRates rates, List<Candidate> candidates) {
        this.balancer = balancer;
        this.rates = rates;
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

    /// Claims what [#next] will return first; false when no candidate has a request left for this minute.
    public boolean claimFirst() {
        claimed = next();
        return claimed != null;
    }

    /// The next candidate, or null when none is left to try.
    public @Nullable Claim next() {
        Claim first = claimed;
        claimed = null;
        return first == null ? choose() : first;
    }

    private @Nullable Claim choose() {
        List<Candidate> able = new ArrayList<>(left.size());
        List<Candidate> admitted = new ArrayList<>(left.size());
        for (Candidate candidate : left) {
            if (rates.admits(candidate.endpoint())) {
                able.add(candidate);
                if (breaker(candidate).admits()) {
                    admitted.add(candidate);
                }
            }
        }
        while (!admitted.isEmpty()) {
            Candidate chosen = balancer.choose(admitted);
            if (!rates.take(chosen.endpoint())) {
                able.remove(chosen);
            } else if (breaker(chosen).tryPass()) {
                return claim(chosen);
            } else {
                rates.giveBack(chosen.endpoint());
            }
            admitted.remove(chosen);
        }
        return chooseInSpiteOfBreakers(able);
    }

    private @Nullable Claim chooseInSpiteOfBreakers(List<Candidate> able) {
        while (!able.isEmpty()) {
            Candidate chosen = balancer.choose(able);
            if (rates.take(chosen.endpoint())) {
                return claim(chosen);
            }
            able.remove(chosen);
        }
        return null;
    }

    private static CircuitBreaker breaker(Candidate candidate) {
        return candidate.endpoint().breaker();
    }

    private Claim claim(Candidate chosen) {
        left.remove(chosen);
        return new Claim(chosen);
    }
}
