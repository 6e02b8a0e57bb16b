package dev.olla.request.admit;

import dev.olla.http.Headers;
import java.time.Instant;
import java.util.List;

/// Whether a request may pass, and the state of the bucket that decided: the one that refused, else the tightest.
///
/// @param limit of that bucket, in requests per minute
/// @param remaining requests that would pass right now
/// @param reset the Unix second at which the next token arrives (refused) or the bucket is full (passed)
/// @param retryAfter whole seconds after which a retry passes, at least 1; 0 for a request that passed
public record RateVerdict(int limit, long remaining, long reset, long retryAfter) {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /// A request needs a token of each bucket; when one of them has none, the others get theirs back.
    ///
    /// @param buckets at least one
    static RateVerdict take(List<TokenBucket> buckets, Instant now) {
        for (int i = 0; i < buckets.size(); i++) {
            if (!buckets.get(i).take()) {
                buckets.subList(0, i).forEach(TokenBucket::giveBack);
                return refused(buckets, now);
            }
        }
        TokenBucket tightest = buckets.getFirst();
        for (TokenBucket bucket : buckets) {
            if (bucket.available() < tightest.available()) {
                tightest = bucket;
            }
        }
        return new RateVerdict(tightest.perMinute(), tightest.available(), unixSecond(now, tightest.nanosToFull()), 0);
    }

    /// Several buckets may be empty: the last to have a token decides, for only then a retry passes.
    ///
    /// @param buckets at least one, of which at least one has no token
    public static RateVerdict refused(List<TokenBucket> buckets, Instant now) {
        TokenBucket last = buckets.getFirst();
        for (TokenBucket bucket : buckets) {
            if (bucket.nanosToNext() > last.nanosToNext()) {
                last = bucket;
            }
        }
        long nanos = last.nanosToNext();
        long seconds = Math.max(1, Math.ceilDiv(nanos, SECOND_NANOS));
        return new RateVerdict(last.perMinute(), 0, unixSecond(now, nanos), seconds);
    }

    private static long unixSecond(Instant now, long later) {
        Instant moment = now.plusNanos(later);
        return moment.getNano() == 0 ? moment.getEpochSecond() : moment.getEpochSecond() + 1;
    }

    public boolean passed() {
        return retryAfter == 0;
    }

    /// Adds the `X-RateLimit-*` fields, and `Retry-After` for a request that is refused.
    public void writeTo(Headers headers) {
        headers.add("X-RateLimit-Limit", Integer.toString(limit));
        headers.add("X-RateLimit-Remaining", Long.toString(remaining));
        headers.add("X-RateLimit-Reset", Long.toString(reset));
        if (!passed()) {
            headers.add("Retry-After", Long.toString(retryAfter));
        }
    }
}
