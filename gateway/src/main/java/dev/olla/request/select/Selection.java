package dev.olla.request.select;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes one candidate after the other for the attempts of a request, each at most once.
///
/// Those that asked to be left alone come after the others, those whose breaker is open come last: a request is
/// never refused for the breaker's sake alone. One that has had its share of requests, or that the operator took
/// out meanwhile, is none for now. Lives on the event loop of its request.
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
        private final CircuitBreaker.Pass pass;
        private boolean released;

        private Claim(Candidate candidate, CircuitBreaker.Pass pass) {
            this.candidate = candidate;
            this.pass = pass;
            candidate.endpoint().inFlight().incrementAndGet();
        }

        public Candidate candidate() {
            return candidate;
        }

        /// Tells the endpoint's breaker how the attempt went.
        public CircuitBreaker.Pass pass() {
            return pass;
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
        List<Candidate> able =
                matching(left, candidate -> candidate.endpoint().enabled() && rates.admits(candidate.endpoint()));
        List<Candidate> admitted =
                matching(able, candidate -> breaker(candidate).admits());
        Claim claim =
                chooseFrom(matching(admitted, candidate -> !candidate.endpoint().pausing()));
        if (claim == null) {
            claim = chooseFrom(admitted);
        }
        return claim == null ? chooseInSpiteOfBreakers(able) : claim;
    }

    private static List<Candidate> matching(List<Candidate> candidates, Predicate<Candidate> condition) {
        List<Candidate> matching = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (condition.test(candidate)) {
                matching.add(candidate);
            }
        }
        return matching;
    }

    private @Nullable Claim chooseFrom(List<Candidate> candidates) {
        List<Candidate> open = new ArrayList<>(candidates);
        while (!open.isEmpty()) {
            Candidate chosen = balancer.choose(open);
            if (rates.take(chosen.endpoint())) {
                CircuitBreaker.Pass pass = breaker(chosen).tryPass();
                if (pass != null) {
                    return claim(chosen, pass);
                }
                rates.giveBack(chosen.endpoint());
            }
            open.remove(chosen);
        }
        return null;
    }

    private @Nullable Claim chooseInSpiteOfBreakers(List<Candidate> able) {
        while (!able.isEmpty()) {
            Candidate chosen = balancer.choose(able);
            if (rates.take(chosen.endpoint())) {
                return claim(chosen, breaker(chosen).passAnyway());
            }
            able.remove(chosen);
        }
        return null;
    }

    private static CircuitBreaker breaker(Candidate candidate) {
        return candidate.endpoint().breaker();
    }

    private Claim claim(Candidate chosen, CircuitBreaker.Pass pass) {
        left.remove(chosen);
        return new Claim(chosen, pass);
    }
}
