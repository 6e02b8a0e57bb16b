package dev.olla.request.select;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Placement;
import dev.olla.fleet.Places;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes one candidate after the other for the attempts of a request, each at most once.
///
/// Those that asked to be left alone come after the others, those whose breaker is open come last: a request is
/// never refused for the breaker's sake alone. One that has had its share of requests, or that went down or was
/// taken out meanwhile, is none for now; nor is one without a free place, and where that holds of all the request
/// waits. Lives on the event loop of its request; while it waits it belongs to the [WaitingRoom].
public final class Selection {

    private final Balancer balancer;
    private final EndpointRates rates;
    private final Predicate<Endpoint> takesWork;
    private final List<Candidate> tried = new ArrayList<>();
    private final @Nullable Waiting waiting;
    private List<Candidate> left;
    private @Nullable Claim claimed;
    private @Nullable Claim last;

    /// For a request that takes no place and never waits.
    ///
    /// @param takesWork whether an endpoint takes work now, where it did when the request was routed
    public Selection(
            Balancer balancer, EndpointRates rates, List<Candidate> candidates, Predicate<Endpoint> takesWork) {
        this(balancer, rates, candidates, takesWork, null);
    }

    /// @param takesWork whether an endpoint takes work now, where it did when the request was routed
    /// @param seating null for a request that takes no place and never waits
    public Selection(
            Balancer balancer,
            EndpointRates rates,
            List<Candidate> candidates,
            Predicate<Endpoint> takesWork,
            @Nullable Seating seating) {
        this.takesWork = takesWork;
        this.balancer = balancer;
        this.rates = rates;
        this.left = new ArrayList<>(candidates);
        this.waiting = seating == null ? null : new Waiting(this, seating);
    }

    /// Takes a place, and waits for one if there is none.
    ///
    /// @param taker hears what came of it, once and on the event loop of the request, perhaps before this method
    ///     returns; never after [#abandon]
    public void claim(Consumer<Acquisition> taker) {
        boolean queue = waiting != null && waiting.othersWait() && limited();
        Claim claim = queue ? null : tried.isEmpty() ? choose(left) : next();
        if (claim != null) {
            taker.accept(new Acquisition.Claimed(claim));
        } else if (left.isEmpty()) {
            taker.accept(new Acquisition.NoneLeft());
        } else if (waiting == null
                || able(tried.isEmpty() ? left : stillThere()).isEmpty()) {
            taker.accept(new Acquisition.RateLimited());
        } else {
            waiting.begin(taker);
        }
    }

    /// The request is given up: it waits no longer.
    public void abandon() {
        if (waiting != null) {
            waiting.abandon();
        }
    }

    /// How long the request waited for places so far.
    public long waitedMillis() {
        return waiting == null ? 0 : waiting.waitedMillis();
    }

    /// Whether a candidate is left that could be asked, now or after a wait.
    public boolean hasNext() {
        return claimed != null || !able(stillThere()).isEmpty();
    }

    /// Keeps a claim for the next call of [#next].
    public void keep(Claim claim) {
        claimed = claim;
    }

    /// The next candidate with a free place, or null when there is none now.
    public @Nullable Claim next() {
        Claim first = claimed;
        claimed = null;
        return first == null ? choose(stillThere()) : first;
    }

    /// Lets a candidate that was tried be tried once more, in another way.
    public void again(Candidate candidate, Way way) {
        tried.remove(candidate);
        left.addFirst(candidate.by(way));
    }

    /// Goes on with other candidates, less those that were tried.
    void renew(List<Candidate> candidates) {
        left = new ArrayList<>(matching(
                candidates, candidate -> tried.stream().noneMatch(other -> isSame(candidate, other))));
    }

    private static boolean isSame(Candidate one, Candidate other) {
        return one.endpoint().places() == other.endpoint().places();
    }

    /// The answer told how long its model took to load.
    ///
    /// @return whether it had to be loaded
    public boolean loadTook(long nanos) {
        return last != null && last.loadTook(nanos);
    }

    /// The request has waited long enough for the server that its conversation is used to.
    void affinityIsOver() {
        balancer.affinityIsOver();
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    /// The servers that are left, for those who wait for them.
    List<Places> places() {
        List<Places> places = new ArrayList<>(left.size());
        for (Candidate candidate : left) {
            places.add(candidate.endpoint().places());
        }
        return places;
    }

    /// How many requests can run on all of them together; at least 1.
    int capacity() {
        int sum = 0;
        for (Candidate candidate : left) {
            sum += limit(candidate);
        }
        return Math.max(1, sum);
    }

    private boolean takesPlace(Candidate candidate) {
        return waiting != null && candidate.place() != null;
    }

    private int limit(Candidate candidate) {
        return takesPlace(candidate) ? candidate.limit() : 0;
    }

    private boolean limited() {
        for (Candidate candidate : left) {
            if (limit(candidate) > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRoom(Candidate candidate) {
        return !takesPlace(candidate) || candidate.endpoint().places().hasRoom(limit(candidate));
    }

    /// Without those that went down, or that the operator took out, since the request was routed.
    private List<Candidate> stillThere() {
        return matching(left, candidate -> takesWork.test(candidate.endpoint()));
    }

    private List<Candidate> able(List<Candidate> from) {
        return matching(from, candidate -> rates.admits(candidate.endpoint()));
    }

    private @Nullable Claim choose(List<Candidate> from) {
        List<Candidate> able = able(from);
        List<Candidate> admitted =
                matching(able, candidate -> breaker(candidate).admits());
        List<Candidate> open = matching(admitted, this::hasRoom);
        boolean waits = open.isEmpty() ? !admitted.isEmpty() : isBetterOffWaiting(open, admitted);
        if (waits) {
            return null;
        }
        List<Candidate> rested =
                matching(open, candidate -> !candidate.endpoint().pausing());
        Claim claim = chooseFrom(rested);
        if (claim == null && rested.size() < open.size()) {
            claim = chooseFrom(open);
        }
        return claim == null ? chooseInSpiteOfBreakers(able) : claim;
    }

    private boolean isBetterOffWaiting(List<Candidate> open, List<Candidate> admitted) {
        return open.size() < admitted.size() && balancer.rathersWaits(open, admitted);
    }

    /// The list itself where all match, as they mostly do.
    private static List<Candidate> matching(List<Candidate> candidates, Predicate<Candidate> condition) {
        for (int i = 0; i < candidates.size(); i++) {
            if (!condition.test(candidates.get(i))) {
                return matchingFrom(i, candidates, condition);
            }
        }
        return candidates;
    }

    /// @param first that doesn't match
    private static List<Candidate> matchingFrom(int first, List<Candidate> candidates, Predicate<Candidate> condition) {
        List<Candidate> matching = new ArrayList<>(candidates.subList(0, first));
        for (int i = first + 1; i < candidates.size(); i++) {
            if (condition.test(candidates.get(i))) {
                matching.add(candidates.get(i));
            }
        }
        return matching;
    }

    private static List<Candidate> without(Candidate one, List<Candidate> candidates) {
        List<Candidate> others = new ArrayList<>(candidates);
        others.remove(one);
        return others;
    }

    private @Nullable Claim chooseFrom(List<Candidate> candidates) {
        List<Candidate> open = candidates;
        while (!open.isEmpty()) {
            Candidate chosen = best(open);
            if (take(chosen)) {
                CircuitBreaker.Pass pass = breaker(chosen).tryPass();
                if (pass != null) {
                    return claim(chosen, pass);
                }
                giveBack(chosen);
            }
            forgo(chosen);
            open = without(chosen, open);
        }
        return null;
    }

    private @Nullable Claim chooseInSpiteOfBreakers(List<Candidate> able) {
        List<Candidate> open = matching(able, this::hasRoom);
        while (!open.isEmpty()) {
            Candidate chosen = best(open);
            if (take(chosen)) {
                return claim(chosen, breaker(chosen).passAnyway());
            }
            forgo(chosen);
            open = without(chosen, open);
        }
        return null;
    }

    private Candidate best(List<Candidate> open) {
        return waiting == null ? balancer.choose(open) : balancer.place(open);
    }

    private void forgo(Candidate chosen) {
        Placement place = chosen.place();
        if (waiting != null && place != null) {
            chosen.endpoint().residency().forgo(place.model().name());
        }
    }

    /// One request of its share, and a place where one is needed.
    private boolean take(Candidate candidate) {
        if (!rates.take(candidate.endpoint())) {
            return false;
        }
        if (!takesPlace(candidate) || candidate.endpoint().places().take(limit(candidate))) {
            return true;
        }
        rates.giveBack(candidate.endpoint());
        return false;
    }

    private void giveBack(Candidate candidate) {
        rates.giveBack(candidate.endpoint());
        if (waiting != null && takesPlace(candidate)) {
            candidate.endpoint().places().giveBack();
            waiting.room().freed(candidate.endpoint().places());
        }
    }

    private static CircuitBreaker breaker(Candidate candidate) {
        return candidate.endpoint().breaker();
    }

    private Claim claim(Candidate chosen, CircuitBreaker.Pass pass) {
        left.remove(chosen);
        tried.add(chosen);
        Claim claim = new Claim(chosen, pass, waiting == null ? null : waiting.seatAt(chosen));
        last = claim;
        return claim;
    }
}
