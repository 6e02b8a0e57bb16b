package dev.olla.request;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.fleet.Endpoint;
import dev.olla.http.BodyFeed;
import dev.olla.http.BodySpread;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.IncomingBody;
import dev.olla.http.RequestHead;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.inspect.Inspection;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.PathRules;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.RoutingDecision;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.select.Acquisition;
import dev.olla.request.select.Claim;
import dev.olla.request.select.Selection;
import dev.olla.request.send.Outgoing;
import dev.olla.request.send.SendFailure;
import dev.olla.request.send.SendListener;
import dev.olla.request.send.Sending;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.request.stream.Delivery;
import dev.olla.request.stream.RelayListener;
import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.RequestLog;
import dev.olla.telemetry.RequestOutcome;
import dev.olla.telemetry.RequestOutcome.Result;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on its way through the stages; it ends in exactly one outcome.
///
/// This is what all have in common, wherever they go and whatever they are for. Lives on the event loop of its
/// exchange.
abstract class OngoingRequest implements SendListener {

    private static final Logger LOG = LoggerFactory.getLogger(OngoingRequest.class);

    final RequestPipeline pipeline;
    final Exchange exchange;
    final String path;
    final ProviderScope scope;
    final RequestTrace trace;
    private final String id;
    private Inspection inspection = Inspection.NONE;
    private @Nullable RoutingLabel label;
    private @Nullable Selection selection;
    private @Nullable Sending sending;
    private @Nullable Delivery delivery;
    private @Nullable String endpoint;
    /// What the client was told, as far as a server told it; 0 before.
    private int status;
    private int attempts;
    private AnswerFigures figures = AnswerFigures.NONE;
    private boolean ended;

    /// @param path as the server would see it
    OngoingRequest(RequestPipeline pipeline, Exchange exchange, ProviderScope scope, String path) {
        this.pipeline = pipeline;
        this.exchange = exchange;
        this.scope = scope;
        this.path = path;
        this.trace = pipeline.recorder().begin(path);
        this.id = Objects.requireNonNullElse(exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER), "");
    }

    final RequestHead request() {
        return exchange.request();
    }

    void start() {
        guarded(this::begin);
    }

    /// The first step.
    abstract void begin();

    /// Goes on once it is known what the body says.
    abstract void inspected();

    /// Whether the answer will be a stream.
    abstract boolean streams();

    /// Whether the request may be sent again once a server may have acted on it.
    abstract boolean repeatable();

    /// The request as it goes to servers.
    Outgoing sent(Outgoing outgoing) {
        return outgoing;
    }

    /// Begins to tell the client what the server answered.
    abstract Delivery deliver(UpstreamResponse response, RelayListener listener);

    /// The request has its outcome.
    abstract void over();

    /// Nothing more is sent and nothing more is told.
    ///
    /// @return the bytes of the answer's body that the client got
    long abandon() {
        return delivery == null ? 0 : delivery.abandon();
    }

    /// A fault of our own must leave no request unanswered or uncounted, and whoever calls back may only log it.
    final void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            broke(e);
        }
    }

    final void broke(RuntimeException fault) {
        LOG.error(
                "Request {} {} {} failed by a fault of the gateway",
                id,
                request().method(),
                exchange.path(),
                fault);
        cancel();
        if (!ended && attempts == 0) {
            pipeline.log().started();
        }
        end(Result.FAILED, 500, 0, "a fault of the gateway: " + fault);
        if (exchange.hasBegun()) {
            exchange.abort();
        } else {
            ErrorAnswer.respond(exchange, 500, "internal_error", "the gateway failed to answer; see its log");
        }
    }

    /// Ends what is under way.
    void cancel() {
        if (selection != null) {
            selection.abandon();
        }
        if (sending != null) {
            sending.cancel();
        }
    }

    /// The request comes in.
    final void receive() {
        pipeline.log()
                .received(
                        id, request().method(), exchange.path(), exchange.body().length());
    }

    /// Has the body looked at, and goes on with [#inspected].
    ///
    /// @param headers that tell what the body is
    final void inspect(Headers headers) {
        pipeline.inspector()
                .inspect(
                        exchange.body(),
                        headers,
                        PathRules.isOllamaNative(path),
                        exchange.loop(),
                        found -> guarded(() -> {
                            if (!ended) {
                                inspection = found;
                                inspected();
                            }
                        }));
    }

    final Inspection inspection() {
        return inspection;
    }

    final boolean ended() {
        return ended;
    }

    final void label(@Nullable RoutingLabel decided) {
        label = decided;
    }

    /// Whether servers were asked.
    final boolean wasSent() {
        return attempts > 0;
    }

    /// The request goes to servers, or to several at once.
    ///
    /// @param to their names; null where they are not known yet
    final void sending(int servers, @Nullable String to) {
        pipeline.log().started();
        attempts = servers;
        endpoint = to;
        trace.sending(waitedMillis());
    }

    /// That server is, or will be, the one that the client hears.
    ///
    /// @param told the status that the client is told; 0 where it isn't yet
    final void answeredBy(Endpoint server, int told) {
        endpoint = server.name();
        status = told;
    }

    /// Takes a place with one of the candidates, and sends the request there.
    final void claim(Selection wanted, List<Candidate> candidates) {
        selection = wanted;
        wanted.claim(result -> guarded(() -> acquired(wanted, candidates, result)));
    }

    private void acquired(Selection wanted, List<Candidate> candidates, Acquisition result) {
        switch (result) {
            case Acquisition.Claimed(Claim claim) -> {
                wanted.keep(claim);
                send(wanted);
            }
            case Acquisition.RateLimited _, Acquisition.NoneLeft _ -> {
                Headers headers = new Headers();
                pipeline.rates()
                        .refusal(candidates, pipeline.admission().buckets(exchange))
                        .writeTo(headers);
                reject(429, "rate_limited", "Too Many Requests", headers);
            }
            case Acquisition.QueueFull(int seconds) ->
                reject(429, "queue_full", "every server for the model is busy and the queue is full", after(seconds));
            case Acquisition.WaitedTooLong(int seconds) ->
                reject(503, "queue_timeout", "no server for the model came free in time", after(seconds));
            case Acquisition.Gone(RoutingDecision.Rejected why, int seconds) -> {
                label = why.label();
                reject(why.status(), why.code(), why.message(), after(seconds));
            }
        }
    }

    private static Headers after(int seconds) {
        return Headers.of("Retry-After", Integer.toString(seconds));
    }

    private void send(Selection selection) {
        sending(1, null);
        IncomingBody body = exchange.incomingBody();
        BodyFeed feed = body == null || body.length() == 0 ? null : new BodyFeed(body.length());
        Outgoing outgoing = sent(outgoing().fedBy(feed));
        sending = pipeline.sender().send(exchange.loop(), outgoing, selection, exchange.arrivedNanos(), this);
        if (body != null && feed != null) {
            new BodySpread(body, List.of(feed), this::clientLeft).start();
        }
    }

    final Outgoing outgoing() {
        return new Outgoing(
                id,
                request(),
                exchange.peer(),
                path,
                exchange.body(),
                inspection.model(),
                inspection.modelStart(),
                inspection.modelEnd(),
                pipeline.limits().of(streams()),
                repeatable());
    }

    @Override
    public final void onAnswer(UpstreamResponse response) {
        guarded(() -> {
            answeredBy(response.endpoint(), response.head().status());
            attempts = response.attempt();
            delivery = deliver(response, (result, told, bytes, cost, message) -> {
                status = told;
                figures = cost;
                response.endpoint().statistics().tokens().add(cost);
                noteLoad(result, cost);
                if (result == Result.SUCCESS && delivery != null) {
                    told(response, delivery);
                }
                end(result, told, bytes, message);
            });
        });
    }

    /// The whole answer was told.
    void told(UpstreamResponse response, Delivery how) {}

    /// The fields of an answer that is passed on.
    final Headers answerHeaders(UpstreamResponse response) {
        return timed(pipeline.answerHeaders()
                .of(exchange.standingHeaders(), response, inspection.model(), label, elapsedMillis()));
    }

    /// The fields of an answer that is told in another format than the server's.
    ///
    /// @param from the server's fields; empty where it has not answered yet
    final Headers answerHeaders(Endpoint server, Headers from) {
        return timed(pipeline.answerHeaders().translated(server, from, inspection.model(), label, elapsedMillis()));
    }

    private Headers timed(Headers headers) {
        return headers.add("X-Olla-Queue-Time", waitedMillis() + "ms");
    }

    /// A whole answer tells that its model is loaded now, and whether it had to be.
    private void noteLoad(Result result, AnswerFigures told) {
        if (result != Result.SUCCESS || status >= 400 || selection == null) {
            return;
        }
        Long millis = told.loadMillis();
        if (selection.loadTook(millis == null ? 0 : TimeUnit.MILLISECONDS.toNanos(millis))) {
            pipeline.onColdAnswer().run();
        }
    }

    @Override
    public final void onFailure(SendFailure failure) {
        if (ended) {
            return;
        }
        endpoint = failure.endpoint().name();
        attempts = failure.attempts();
        tell(failure);
    }

    /// Tells the client that no server answered.
    void tell(SendFailure failure) {
        end(failure.result(), failure.status(), 0, failure.message());
        ErrorAnswer.respond(exchange, failure.status(), failure.code(), failure.message());
    }

    @Override
    public void onAttemptFailed(Endpoint failed, UpstreamFailure failure) {
        trace.attemptFailed(failed, failure);
    }

    @Override
    public void onPassedOver(Endpoint other, int otherStatus) {
        trace.tried(other.name(), otherStatus, "passed_over");
    }

    final void reject(Refusal why) {
        reject(why.status(), why.code(), why.message());
    }

    final void reject(int status, String code, String message) {
        reject(status, code, message, new Headers());
    }

    private void reject(int status, String code, String message, Headers headers) {
        if (label != null) {
            label.writeTo(headers);
        }
        end(Result.REJECTED, status, 0, message);
        ErrorAnswer.respond(exchange, status, code, message, headers);
    }

    /// The client left, or the gateway cuts it off as it ends.
    final void clientLeft() {
        if (ended) {
            return;
        }
        long bytes = abandon();
        if (sending != null) {
            Endpoint tried = sending.endpoint();
            endpoint = tried == null ? null : tried.name();
            attempts = Math.max(attempts, trace.tried().size() + 1);
            if (exchange.cut()) {
                sending.cutOff();
            }
        }
        cancel();
        if (exchange.cut()) {
            end(Result.FAILED, status, bytes, RequestLog.CUT);
        } else {
            end(Result.CLIENT_LEFT, status, bytes, exchange.stalled() ? RequestLog.STALLED : null);
        }
    }

    /// From now on no other server is tried.
    ///
    /// @return false where none is being asked
    final boolean commit() {
        return !ended && sending != null && sending.commit();
    }

    final long waitedMillis() {
        return selection == null ? 0 : selection.waitedMillis();
    }

    final long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - exchange.arrivedNanos());
    }

    final void end(Result result, int status, long bytes, @Nullable String message) {
        if (ended) {
            return;
        }
        ended = true;
        RequestOutcome outcome = new RequestOutcome(
                id,
                request().method(),
                exchange.path(),
                inspection.model(),
                endpoint,
                status,
                result,
                attempts,
                bytes,
                elapsedMillis(),
                figures,
                message);
        over();
        pipeline.log().ended(outcome);
        pipeline.recorder().ended(trace, outcome, exchange.peer());
    }
}
