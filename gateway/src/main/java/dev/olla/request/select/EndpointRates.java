package dev.olla.request.select;

import dev.olla.fleet.Endpoint;
import dev.olla.request.admit.RateVerdict;
import dev.olla.request.admit.TokenBucket;
import dev.olla.request.route.Candidate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How many requests per minute each server gets: one bucket for each, by its name. Safe for all threads.
public final class EndpointRates {

    private final int perMinute;
    private final int burst;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

    /// @param perMinute for each server; zero or less means no limit
    /// @param burst how many requests a server may get at once
    /// @param nanoTime a clock such as [System#nanoTime]
    public EndpointRates(int perMinute, int burst, InstantSource clock, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.burst = burst;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /// As many requests as anybody sends.
    public static EndpointRates unlimited() {
        return new EndpointRates(0, 0, InstantSource.system(), System::nanoTime);
    }

    private boolean hasNoLimit() {
        return perMinute <= 0;
    }

    /// Takes one request's worth; false when there is none.
    boolean take(Endpoint endpoint) {
        return hasNoLimit() || bucket(endpoint).take();
    }

    void giveBack(Endpoint endpoint) {
        if (!hasNoLimit()) {
            bucket(endpoint).giveBack();
        }
    }

    /// Whether a request could be taken now; takes nothing.
    boolean admits(Endpoint endpoint) {
        return hasNoLimit() || bucket(endpoint).available() > 0;
    }

    /// What to tell a client whose request none of them can take.
    ///
    /// @param candidates at least one
    /// @param others the buckets of which the next request needs a token besides
    public RateVerdict refusal(List<Candidate> candidates, List<TokenBucket> others) {
        List<TokenBucket> buckets = new ArrayList<>(others);
        TokenBucket server = soonest(candidates.stream().map(Candidate::endpoint));
        if (server != null) {
            buckets.add(server);
        }
        return RateVerdict.refused(buckets, clock.instant());
    }

    /// The bucket of the server that is the first to have a token; null when there is no limit, or no server.
    public @Nullable TokenBucket soonest(Stream<Endpoint> endpoints) {
        return hasNoLimit()
                ? null
                : endpoints
                        .map(this::bucket)
                        .min(Comparator.comparingLong(TokenBucket::nanosToNext))
                        .orElse(null);
    }

    /// Forgets the servers of other names.
    public void keepOnly(Collection<String> names) {
        buckets.keySet().retainAll(names);
    }

    private TokenBucket bucket(Endpoint endpoint) {
        return buckets.computeIfAbsent(endpoint.name(), _ -> new TokenBucket(perMinute, burst, nanoTime));
    }
}
