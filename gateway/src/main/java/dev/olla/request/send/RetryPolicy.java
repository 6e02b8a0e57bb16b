package dev.olla.request.send;

import dev.olla.fleet.RetryAfter;
import dev.olla.http.Headers;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Says whether a request may be sent to another endpoint. Safe for all threads.
///
/// Whoever gave no answer at all costs nothing to leave: a server that dies must lose nobody. Answers that are
/// passed over, and time-outs, draw on the budget.
///
/// @param clock for dates in `Retry-After`
public record RetryPolicy(RetrySettings settings, RetryBudget budget, InstantSource clock) {

    /// The longest that an endpoint is left alone because it asked for it.
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /// Whether one more attempt may be made.
    private boolean allowsAnother(int attempts) {
        return settings.enabled() && (settings.maxAttempts() == 0 || attempts < settings.maxAttempts());
    }

    /// Whether an answer of that status is passed over if another endpoint can be asked.
    boolean passesOver(int status, Outgoing outgoing, int attempts) {
        return status >= 400
                && settings.onStatus().contains(status)
                && outgoing.repeatable()
                && allowsAnother(attempts);
    }

    /// Whether another endpoint may be asked after that failure.
    boolean allowsAfter(FailureRule rule, Outgoing outgoing, int attempts) {
        return settings.onConnectionFailure() && rule.allowsRetry(outgoing) && allowsAnother(attempts);
    }

    void requested() {
        budget.requested();
    }

    boolean takeFromBudget() {
        return budget.take(settings.budgetPercent(), settings.budgetMinPerSecond());
    }

    void giveBack() {
        budget.giveBack();
    }

    /// How long the server is left alone when it asks for that.
    static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    /// How long the server wants to be left alone; null where it doesn't say so.
    @Nullable
    Duration pause(int status, Headers headers) {
        if (status != 429 && status < 500) {
            return null;
        }
        return RetryAfter.parse(headers.first("Retry-After"), clock.instant());
    }
}
