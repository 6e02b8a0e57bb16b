package dev.olla.request.send;

import dev.olla.http.Loop;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.select.Selection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tries one endpoint after the other until one of them answers: the only place where requests are repeated.
///
/// Lives on the event loop of its request.
public final class Sending {

    private final Sender sender;
    private final Loop loop;
    private final Outgoing outgoing;
    private final Selection selection;
    private final SendListener listener;
    private final long arrivedNanos;
    private @Nullable Attempt current;
    private int attempts;
    private boolean cancelled;

    Sending(
            Sender sender,
            Loop loop,
            Outgoing outgoing,
            Selection selection,
            long arrivedNanos,
            SendListener listener) {
        this.sender = sender;
        this.loop = loop;
        this.outgoing = outgoing;
        this.selection = selection;
        this.arrivedNanos = arrivedNanos;
        this.listener = listener;
    }

    Loop loop() {
        return loop;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - arrivedNanos);
    }

    /// @return false when no candidate was left
    boolean tryNext() {
        Selection.Claim claim = selection.next();
        if (claim == null) {
            return false;
        }
        attempts++;
        Attempt attempt = sender.attempt(this, claim, attempts);
        // Before it starts: it may fail at once, and then the next one is current when this method goes on.
        current = attempt;
        sender.start(this, attempt);
        return true;
    }

    void answered(Attempt attempt) {
        sender.fleet().answered(attempt.endpoint());
        listener.onAnswer(attempt);
    }

    void failed(Attempt attempt, UpstreamFailure failure) {
        FailureRule rule = FailureRule.of(failure.kind());
        if (rule.unreachable()) {
            sender.fleet().unreachable(attempt.endpoint(), failure.message());
        }
        String limit = outgoing.limits().setting(failure.kind());
        sender.log().attemptFailed(outgoing.id(), attempt.endpoint().name(), attempts, failure.message(), limit);
        if (cancelled || (rule.allowsRetry(outgoing) && tryNext())) {
            return;
        }
        listener.onFailure(new SendFailure(
                rule.status(), rule.code(), message(attempt, failure), rule.result(), attempt.endpoint(), attempts));
    }

    private String message(Attempt attempt, UpstreamFailure failure) {
        String seconds = elapsedMillis() / 1000.0 + "s";
        String where = "endpoint " + attempt.endpoint().name();
        String why = CallersWords.of(failure, attempt.endpoint().origin(), "it");
        return switch (failure.kind()) {
            case UNKNOWN_HOST, REFUSED, UNREACHABLE, RESET ->
                "Proxy error: all endpoints failed with connection errors: network error after " + seconds + " - "
                        + CallersWords.of(failure, attempt.endpoint().origin(), where);
            case CLOSED, TRUNCATED -> "Proxy error: connection closed after " + seconds + " - " + where + ": " + why;
            case TLS_FAILED, MALFORMED -> "Proxy error: " + where + ": " + why;
            case CONNECT_TIMEOUT, TLS_TIMEOUT, HEAD_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT ->
                "Proxy error: request timeout after " + seconds + " - "
                        + outgoing.limits().setting(failure.kind()) + " exceeded at " + where + ": "
                        + why;
        };
    }

    /// The client left: the attempt under way ends at once, and no other is made.
    public void cancel() {
        cancelled = true;
        if (current != null) {
            current.abandon();
        }
    }
}
