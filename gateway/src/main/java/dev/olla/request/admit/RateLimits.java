package dev.olla.request.admit;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The limits on requests per minute: one for all clients together, one for each, and one for each at the health
/// page.
///
/// Safe for all threads.
final class RateLimits {

    private static final String LIMITED = "/olla/";
    private static final String HEALTH = "/internal/health";

    private final @Nullable TokenBucket global;
    private final @Nullable ClientBuckets clients;
    private final @Nullable ClientBuckets health;
    private final InstantSource clock;

    /// @param nanoTime a clock such as [System#nanoTime]
    RateLimits(RateLimitSettings settings, InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        int perMinute = settings.globalPerMinute();
        global = perMinute > 0 ? new TokenBucket(perMinute, settings.burst(), nanoTime) : null;
        clients = buckets(settings.perClientPerMinute(), settings, nanoTime);
        health = buckets(settings.healthPerMinute(), settings, nanoTime);
    }

    private static @Nullable ClientBuckets buckets(int perMinute, RateLimitSettings settings, LongSupplier nanoTime) {
        return perMinute > 0
                ? new ClientBuckets(perMinute, settings.burst(), settings.cleanupInterval(), nanoTime)
                : null;
    }

    /// Whether requests to that path are counted: what reaches the fleet or lists its models, and the health page.
    static boolean covers(String path) {
        return path.startsWith(LIMITED) || path.equals(HEALTH);
    }

    /// Takes a request to a path that is covered; null when no limit holds for it.
    @Nullable
    RateVerdict admit(IpAddress client, String path) {
        List<TokenBucket> buckets = buckets(client, path);
        return buckets.isEmpty() ? null : RateVerdict.take(buckets, clock.instant());
    }

    /// What to tell a client whose request was refused and needs a token of that bucket besides.
    RateVerdict refused(IpAddress client, String path, TokenBucket another) {
        List<TokenBucket> buckets = buckets(client, path);
        buckets.add(another);
        return RateVerdict.refused(buckets, clock.instant());
    }

    /// The buckets of which a request of that client to that path needs a token.
    List<TokenBucket> buckets(IpAddress client, String path) {
        boolean atHealth = path.equals(HEALTH);
        ClientBuckets own = atHealth ? health : clients;
        List<TokenBucket> buckets = new ArrayList<>(3);
        if (own != null) {
            buckets.add(own.of(client));
        }
        if (global != null && !atHealth) {
            buckets.add(global);
        }
        return buckets;
    }
}
