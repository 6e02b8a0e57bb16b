package dev.olla.request.send;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.dialect.translate.ServerCall;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.http.Body;
import dev.olla.http.Loop;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.Way;
import dev.olla.request.select.Acquisition;
import dev.olla.request.select.Claim;
import dev.olla.request.select.Selection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tries one endpoint after the other until one of them answers: the only place where requests are repeated.
///
/// Lives on the event loop of its request.
public final class Sending {

    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

    private final Sender sender;
    private final Loop loop;
    private final Outgoing outgoing;
    private final Selection selection;
    private final SendListener listener;
    private final long arrivedNanos;
    private final RetryAfterTally retryAfter = new RetryAfterTally();
    private @Nullable Attempt current;
    /// The last answer that was passed over: the client gets it if no better one comes.
    private @Nullable Attempt kept;
    private int attempts;
    private boolean cancelled;
    private boolean committed;

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

    /// What the endpoint is taken for; null for one of an earlier configuration.
    @Nullable
    BackendProfile kind(Endpoint of) {
        EndpointState state = sender.fleet().snapshot().state(of);
        return state == null ? null : state.profile();
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
        Attempt next = prepareNext();
        if (next == null) {
            return false;
        }
        start(next);
        return true;
    }

    /// Null when no candidate is left, or when a fault of our own stands in the way of a further attempt.
    private @Nullable Attempt prepareNext() {
        Claim claim = selection.next();
        return claim == null ? null : prepare(claim);
    }

    private @Nullable Attempt prepare(Claim claim) {
        try {
            return sender.attempt(this, claim);
        } catch (RuntimeException e) {
            claim.release();
            claim.pass().abandoned();
            if (attempts == 0) {
                throw e;
            }
            LOG.error("Request {} can't be sent again", outgoing.id(), e);
            return null;
        }
    }

    private void start(Attempt attempt) {
        attempts++;
        // Before it starts: it may fail at once, and then the next one is current when this method goes on.
        current = attempt;
        Candidate candidate = attempt.claim().candidate();
        switch (candidate.way()) {
            case Way.AsItIs(String path, var _) -> sender.start(this, attempt, path);
            case Way.Translated way -> {
                Translator translator = outgoing.translator();
                if (translator == null) {
                    throw new IllegalStateException("nothing translates for " + candidate.endpoint());
                }
                translator.put(way, candidate, result -> put(attempt, way, result));
            }
        }
    }

    /// The client may have left meanwhile.
    private void put(Attempt attempt, Way.Translated way, Translator.Result<ServerCall> result) {
        if (attempt.isOver()) {
            if (result instanceof Translator.Result.Done<ServerCall>(ServerCall.Made made)) {
                made.body().release();
            }
            return;
        }
        switch (result) {
            case Translator.Result.Done<ServerCall>(ServerCall call) -> put(attempt, way, call);
            case Translator.Result.Refused<ServerCall>(BadRequest why) -> refused(attempt, why);
            case Translator.Result.Broken<ServerCall>(RuntimeException fault) -> {
                attempt.unsent();
                listener.onFault(fault);
            }
        }
    }

    private void put(Attempt attempt, Way.Translated way, ServerCall call) {
        switch (call) {
            case ServerCall.Needless(ObjectNode document) -> {
                attempt.unsent();
                listener.onNeedless(attempt.endpoint(), Json.bytes(document));
            }
            case ServerCall.Made(ApiCall to, Body body, AnswerTranslation answer) -> {
                attempt.translated(to, body, answer);
                listener.onTranslated(attempt.endpoint(), to);
                sender.startTranslated(
                        this, attempt, Objects.requireNonNull(way.calls().get(to)));
            }
        }
    }

    /// The endpoint can't be asked this, but another one may. A request that is wrong in itself is wrong for all.
    private void refused(Attempt attempt, BadRequest why) {
        attempt.unsent();
        attempts--;
        if (why.kind() == BadRequest.Kind.UNTRANSLATABLE && !committed) {
            selection.claim(result -> again(result, false, () -> refuse(why)));
        } else {
            refuse(why);
        }
    }

    private void refuse(BadRequest why) {
        if (!acceptKept()) {
            listener.onRefused(why);
        }
    }

    /// The client has been told something of the answer to come: no further endpoint is tried, and the one that is
    /// being asked may be silent for as long as within an answer.
    ///
    /// @return false when nobody is being asked just now
    public boolean commit() {
        if (current == null || current == kept || current.isOver() || cancelled) {
            return false;
        }
        dropKept();
        committed = true;
        current.liftHeadLimit();
        return true;
    }

    /// How many were made so far.
    int attempts() {
        return attempts;
    }

    void answered(Attempt attempt) {
        Endpoint endpoint = attempt.endpoint();
        sender.fleet().answered(endpoint);
        int status = attempt.head().status();
        Duration pause = sender.retries().pause(status, attempt.head().headers());
        if (pause != null) {
            endpoint.pauseFor(RetryPolicy.bounded(pause));
        }
        retryAfter.answered(attempt.head(), pause);
        Way.Translated otherwise =
                attempt.claim().candidate().way() instanceof Way.AsItIs asItIs ? asItIs.otherwise() : null;
        if (otherwise != null && MessagesRefusal.mayBe(attempt.head())) {
            attempt.gather(body -> gathered(attempt, otherwise, body));
        } else {
            judge(attempt);
        }
    }

    /// A server that turns out not to know the API is asked once more, in a format that it knows.
    private void gathered(Attempt attempt, Way.Translated otherwise, byte[] body) {
        if (cancelled) {
            return;
        }
        if (!MessagesRefusal.is(attempt.head(), body)) {
            judge(attempt);
            return;
        }
        Endpoint endpoint = attempt.endpoint();
        LOG.info("endpoint {} does not know Anthropic's API: its requests are translated from now on", endpoint);
        endpoint.refusesMessages();
        selection.again(attempt.claim().candidate(), otherwise);
        keep(attempt, false);
    }

    /// Asks again and keeps this answer for the case that no better one comes.
    ///
    /// @param priced whether the attempt was taken from the budget
    private void keep(Attempt attempt, boolean priced) {
        attempt.keep();
        dropKept();
        kept = attempt;
        selection.claim(result -> again(result, priced, this::acceptKept));
    }

    private void judge(Attempt attempt) {
        int status = attempt.head().status();
        if (!committed && sender.retries().passesOver(status, outgoing, attempts) && passOver(attempt)) {
            return;
        }
        dropKept();
        accept(attempt);
    }

    /// Asks another endpoint.
    ///
    /// @return false when no other can be asked
    private boolean passOver(Attempt attempt) {
        if (!selection.hasNext() || !sender.retries().takeFromBudget()) {
            return false;
        }
        String answer = "it answered " + attempt.head().status();
        sender.log().attemptFailed(outgoing.id(), attempt.endpoint().name(), attempts, answer, null);
        listener.onPassedOver(attempt.endpoint(), attempt.head().status());
        keep(attempt, true);
        return true;
    }

    /// @param priced whether the attempt was taken from the budget
    /// @param otherwise what to do when there is no endpoint to try
    private void again(Acquisition result, boolean priced, Runnable otherwise) {
        Attempt next = result instanceof Acquisition.Claimed(Claim claim) ? prepare(claim) : null;
        if (next != null) {
            start(next);
            return;
        }
        if (priced) {
            sender.retries().giveBack();
        }
        otherwise.run();
    }

    private void dropKept() {
        Attempt dropped = kept;
        kept = null;
        if (dropped != null) {
            dropped.drop();
        }
    }

    private void accept(Attempt attempt) {
        current = attempt;
        attempt.head(retryAfter.shortest(attempt.head()));
        listener.onAnswer(attempt);
    }

    void failed(Attempt attempt, UpstreamFailure failure) {
        FailureRule rule = FailureRule.of(failure.kind());
        if (rule.unreachable()) {
            sender.fleet().unreachable(attempt.endpoint(), failure.message());
        }
        String limit = attempt.limits().setting(failure.kind());
        sender.log().attemptFailed(outgoing.id(), attempt.endpoint().name(), attempts, failure.message(), limit);
        listener.onAttemptFailed(attempt.endpoint(), failure);
        if (cancelled) {
            return;
        }
        SendFailure end = new SendFailure(
                rule.status(), rule.code(), message(attempt, failure), rule.result(), attempt.endpoint(), attempts);
        boolean priced = rule.drawsOnBudget();
        if (committed
                || !sender.retries().allowsAfter(rule, outgoing, attempts)
                || (priced && !sender.retries().takeFromBudget())) {
            giveUp(end);
        } else {
            selection.claim(result -> again(result, priced, () -> giveUp(end)));
        }
    }

    private void giveUp(SendFailure failure) {
        if (!acceptKept()) {
            listener.onFailure(failure);
        }
    }

    /// No other endpoint is tried: the client gets the last answer that there is.
    ///
    /// @return false where there is none
    private boolean acceptKept() {
        Attempt answer = kept;
        kept = null;
        if (answer == null) {
            return false;
        }
        accept(answer);
        return true;
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
                        + attempt.limits().setting(failure.kind()) + " exceeded at " + where + ": "
                        + why;
        };
    }

    /// Where the attempt under way goes, or the last one went; null before the first.
    public @Nullable Endpoint endpoint() {
        return current == null ? null : current.endpoint();
    }

    /// The gateway ends: as [#cancel], but the client is still there.
    public void cutOff() {
        if (current != null) {
            current.cutOff();
        }
        cancel();
    }

    /// The client left: the attempt under way ends at once, and no other is made.
    public void cancel() {
        cancelled = true;
        dropKept();
        selection.abandon();
        if (current != null) {
            current.abandon();
        }
    }
}
