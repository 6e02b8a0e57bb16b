package dev.olla.request;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.ErrorAnswer;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
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
import dev.olla.request.route.Route;
import dev.olla.request.route.RouteRequest;
import dev.olla.request.route.RoutingDecision;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.route.Way;
import dev.olla.request.select.Acquisition;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.Claim;
import dev.olla.request.select.Demand;
import dev.olla.request.select.Seating;
import dev.olla.request.select.Selection;
import dev.olla.request.select.SessionPin;
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
/// Lives on the event loop of its exchange.
final class ProxiedRequest implements SendListener {

    private static final Logger LOG = LoggerFactory.getLogger(ProxiedRequest.class);

    private final RequestPipeline pipeline;
    private final Exchange exchange;
    private final String path;
    private final @Nullable String onlyAt;
    private final ProviderScope scope;
    private final String id;
    private final RequestTrace trace;
    private final @Nullable ModelManagement management;
    /// Null for a request that manages no models.
    private final @Nullable ManagementCall call;
    /// What is asked, where a server of another format may answer; null where none may.
    private final @Nullable ApiCall asked;
    /// Null for a request that isn't one of Anthropic's API.
    private final @Nullable MessagesRules messages;
    /// Null for a request that only servers of its own format are asked, or that names no model.
    private @Nullable Translation translation;
    private Inspection inspection = Inspection.NONE;
    private @Nullable RoutingLabel label;
    private @Nullable Selection selection;
    private @Nullable SessionPin pin;
    private @Nullable Sending sending;
    private @Nullable Delivery delivery;
    private @Nullable FanOut fanOut;
    /// The servers whose models are managed.
    private List<Candidate> targets = List.of();
    private @Nullable String endpoint;
    /// What the client was told, as far as a server told it; 0 before.
    private int status;
    private int attempts;
    private AnswerFigures figures = AnswerFigures.NONE;
    private boolean ended;

    /// @param path as the server would see it
    /// @param onlyAt the server that alone may be asked; null where any may
    /// @param management null where no models may be managed
    ProxiedRequest(
            RequestPipeline pipeline,
            Exchange exchange,
            ProviderScope scope,
            String path,
            @Nullable String onlyAt,
            @Nullable ModelManagement management) {
        this.pipeline = pipeline;
        this.exchange = exchange;
        this.scope = scope;
        this.path = path;
        this.onlyAt = onlyAt;
        this.management = management;
        this.call = management == null ? null : ManagementCall.of(request().method(), path);
        this.asked = request().method().equals("POST") ? scope.translatable(path) : null;
        this.messages = asked == ApiCall.MESSAGES
                ? new MessagesRules(pipeline.formats().settings().maxMessageSize())
                : null;
        this.trace = pipeline.recorder().begin(path);
        this.id = Objects.requireNonNullElse(exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER), "");
    }

    private RequestHead request() {
        return exchange.request();
    }

    void start() {
        guarded(this::begin);
    }

    /// A fault of our own must leave no request unanswered or uncounted, and whoever calls back may only log it.
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            broke(e);
        }
    }

    private void broke(RuntimeException fault) {
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

    private void cancel() {
        if (selection != null) {
            selection.abandon();
        }
        if (sending != null) {
            sending.cancel();
        }
        if (fanOut != null) {
            fanOut.cancel();
        }
    }

    private void begin() {
        pipeline.log()
                .received(
                        id, request().method(), exchange.path(), exchange.body().length());
        String notSupported = call != null ? null : PathRules.notSupported(path);
        if (notSupported != null) {
            end(Result.REJECTED, 501, 0, notSupported);
            ErrorAnswer.notSupported(exchange, notSupported);
            return;
        }
        exchange.onClientGone(this::clientLeft);
        if (call != null && call.ofBlob()) {
            manage(call);
            return;
        }
        if (messages != null && isRefused(messages.length(exchange.body()))) {
            return;
        }
        pipeline.inspector()
                .inspect(
                        exchange.body(),
                        messages == null ? request().headers() : new Headers(), // JSON, whatever the client calls it
                        PathRules.isOllamaNative(path),
                        exchange.loop(),
                        this::inspected);
    }

    private void inspected(Inspection found) {
        guarded(() -> route(found));
    }

    private void route(Inspection found) {
        if (ended) {
            return;
        }
        inspection = found;
        if (call != null) {
            manage(call);
            return;
        }
        if (messages != null && isRefused(MessagesRules.model(found))) {
            return;
        }
        if (found.problem() != null && PathRules.isInference(request().method(), path)) {
            reject(400, "invalid_json", found.problem());
            return;
        }
        if (asked != null && found.model() != null) {
            translation = new Translation(exchange, pipeline.formats(), asked, found.model());
        }
        if (translation != null && translation.readsFirst()) {
            translation.read(() -> guarded(this::find), this::broke);
        } else {
            find();
        }
    }

    private boolean isRefused(@Nullable Refusal breach) {
        if (breach == null) {
            return false;
        }
        trace.formats(new RequestTrace.Formats(Dialect.ANTHROPIC, null, true, false));
        reject(breach);
        return true;
    }

    private void find() {
        if (!ended) {
            pipeline.routes().find(wanted(), exchange.loop(), route -> guarded(() -> routed(route)));
        }
    }

    private RouteRequest wanted() {
        RouteRequest wanted = RouteRequest.of(scope, path, asked, inspection);
        return translation == null ? wanted : wanted.beyond(translation.beyond());
    }

    private void manage(ManagementCall wanted) {
        ModelManagement.Choice choice =
                Objects.requireNonNull(management).choose(request().headers(), scope, wanted, inspection.model());
        switch (choice) {
            case ModelManagement.Choice.Refused(int refused, String code, String message) ->
                reject(refused, code, message);
            case ModelManagement.Choice.Targets(var candidates) -> {
                targets = candidates;
                if (candidates.size() == 1) {
                    manageOne(candidates);
                } else {
                    manageAll(candidates, streams(wanted.streams()));
                }
            }
        }
    }

    private void manageOne(List<Candidate> candidates) {
        trace.selecting(candidates, pipeline.balancer(), null);
        Selection only = new Selection(pipeline.balancer(), pipeline.rates(), candidates, _ -> true);
        selection = only;
        only.claim(result -> guarded(() -> acquired(only, candidates, result)));
    }

    private void manageAll(List<Candidate> candidates, boolean streams) {
        pipeline.log().started();
        trace.selecting(candidates, pipeline.balancer(), null);
        trace.sending(waitedMillis());
        attempts = candidates.size();
        FanOut calls = new FanOut(exchange, candidates, streams, new Together());
        fanOut = calls;
        endpoint = calls.endpoints();
        calls.start(pipeline, outgoing(streams));
    }

    /// Several servers at work on the request.
    private final class Together implements FanOut.Listener {

        @Override
        public void targetEnded(String name, TargetResult result) {
            trace.tried(name, result.status(), result.done() ? "success" : "failed");
        }

        @Override
        public void ended(Result result, int told, long bytes, @Nullable String message) {
            end(result, told, bytes, message);
        }

        @Override
        public void bodyBroke() {
            clientLeft();
        }
    }

    private boolean streams(boolean unlessAsked) {
        Boolean asked = inspection.streaming();
        return asked != null ? asked && (call == null || unlessAsked) : unlessAsked;
    }

    private void routed(Route route) {
        if (ended) {
            return;
        }
        trace.routed(route);
        String model = inspection.model();
        switch (route.decision()) {
            case RoutingDecision.Rejected(int status, String code, String message, var rejectedLabel) -> {
                label = rejectedLabel;
                boolean inOllamasWords = status == 404 && model != null && PathRules.isShow(path);
                reject(status, code, inOllamasWords ? "model '" + model + "' not found" : message);
            }
            case RoutingDecision.Routed(var candidates, var routedLabel) -> {
                label = routedLabel;
                routed(candidates);
            }
        }
    }

    private void routed(List<Candidate> candidates) {
        BadRequest wrong = translation == null ? null : translation.wrong();
        if (translation != null && wrong != null) {
            boolean asItIs = candidates.stream().anyMatch(candidate -> candidate.way() instanceof Way.AsItIs);
            reject(translation.call() == ApiCall.MESSAGES ? Refusal.ofMessages(wrong, asItIs) : Refusal.of(wrong));
            return;
        }
        String only = translation == null ? onlyAt : translation.onlyAt();
        List<Candidate> able = only == null
                ? candidates
                : candidates.stream()
                        .filter(candidate -> candidate.endpoint().name().equals(only))
                        .toList();
        if (able.isEmpty()) {
            reject(503, "model_unavailable", "the server that keeps the response can't be asked now");
        } else {
            select(able);
        }
    }

    private void select(List<Candidate> candidates) {
        Balancer balancer = pipeline.balancer(scope, translation == null ? null : translation.call());
        pin = pipeline.sticky().pin(request(), exchange.peer(), inspection, balancer);
        trace.selecting(candidates, balancer, pin);
        Selection wanted =
                new Selection(pin == null ? balancer : pin, pipeline.rates(), candidates, this::takesWork, seating());
        selection = wanted;
        wanted.claim(result -> guarded(() -> acquired(wanted, candidates, result)));
    }

    /// Null for a request that takes no place.
    private @Nullable Seating seating() {
        String model = inspection.model();
        if (model == null || !PathRules.takesPlace(request().method(), path, model)) {
            return null;
        }
        String client = pipeline.admission().client(exchange).toString();
        Demand demand = new Demand(model, client, exchange.body().length());
        return new Seating(pipeline.room(), demand, exchange.loop(), this::decideAgain);
    }

    private RoutingDecision decideAgain() {
        return pipeline.routes().foresee(wanted()).decision();
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

    /// An endpoint of an earlier configuration is known to nobody else any more.
    private boolean takesWork(Endpoint candidate) {
        EndpointState state = pipeline.fleet().snapshot().state(candidate);
        return state == null ? candidate.enabled() : state.takesWork();
    }

    private void send(Selection selection) {
        pipeline.log().started();
        attempts = 1;
        trace.sending(waitedMillis());
        IncomingBody body = exchange.incomingBody();
        BodyFeed feed = body == null || body.length() == 0 ? null : new BodyFeed(body.length());
        boolean streams = streams(call == null ? PathRules.streamsByDefault(path) : call.streams());
        Outgoing outgoing = outgoing(streams).fedBy(feed);
        if (translation != null) {
            outgoing = translation.sent(outgoing);
        }
        sending = pipeline.sender().send(exchange.loop(), outgoing, selection, exchange.arrivedNanos(), this);
        if (body != null && feed != null) {
            new BodySpread(body, List.of(feed), this::clientLeft).start();
        }
    }

    private Outgoing outgoing(boolean streams) {
        return new Outgoing(
                id,
                request(),
                exchange.peer(),
                path,
                exchange.body(),
                inspection.model(),
                inspection.modelStart(),
                inspection.modelEnd(),
                pipeline.limits().of(streams),
                call == null && PathRules.isRepeatable(path));
    }

    @Override
    public void onAnswer(UpstreamResponse response) {
        guarded(() -> relay(response));
    }

    private void relay(UpstreamResponse response) {
        status = response.head().status();
        endpoint = response.endpoint().name();
        attempts = response.attempt();
        RelayListener listener = (result, told, bytes, cost, message) -> {
            status = told;
            figures = cost;
            response.endpoint().statistics().tokens().add(cost);
            noteLoad(result, cost);
            noteResponse(result, response);
            end(result, told, bytes, message);
        };
        AnswerTranslation answer = response.translation();
        if (translation != null) {
            translation.answered(response.spoken());
        }
        if (answer != null && translation != null) {
            Headers headers =
                    translatedHeaders(response.endpoint(), response.head().headers());
            delivery = translation.deliver(response, answer, headers, listener);
            return;
        }
        Headers headers = pipeline.answerHeaders()
                .of(exchange.standingHeaders(), response, inspection.model(), label, elapsedMillis());
        delivery = translation != null && translation.call() == ApiCall.MESSAGES
                ? Delivery.ofMessages(exchange, response, completed(headers), pipeline.flushProfile(), listener)
                : Delivery.start(exchange, response, completed(headers), pipeline.flushProfile(), listener);
    }

    private Headers completed(Headers headers) {
        if (translation != null && translation.call() == ApiCall.MESSAGES && translation.spoken() == null) {
            headers.add("X-Olla-Mode", "passthrough");
        }
        headers.add("X-Olla-Queue-Time", waitedMillis() + "ms");
        if (pin != null) {
            pin.writeTo(headers);
        }
        return headers;
    }

    private Headers translatedHeaders(Endpoint asked, Headers from) {
        return completed(pipeline.answerHeaders().translated(asked, from, inspection.model(), label, elapsedMillis()));
    }

    /// A response that was passed on is kept by its server: a request that goes on from it belongs there.
    private void noteResponse(Result result, UpstreamResponse response) {
        boolean kept = translation != null && translation.call() == ApiCall.RESPONSES && translation.spoken() == null;
        String told = kept && result == Result.SUCCESS && delivery != null ? delivery.responseId() : null;
        if (told != null) {
            pipeline.formats()
                    .requests()
                    .store()
                    .keepElsewhere(told, response.endpoint().name());
        }
    }

    @Override
    public void onTranslated(Endpoint asked, ApiCall to) {
        if (translation != null) {
            translation.asked(to, () -> !ended && sending != null && sending.commit(), () -> {
                status = 200;
                endpoint = asked.name();
                return translatedHeaders(asked, new Headers());
            });
        }
    }

    @Override
    public void onRefused(BadRequest why) {
        if (!ended) {
            reject(Refusal.of(why));
        }
    }

    private void reject(Refusal why) {
        reject(why.status(), why.code(), why.message());
    }

    @Override
    public void onNeedless(Endpoint chosen, byte[] document) {
        if (ended) {
            return;
        }
        endpoint = chosen.name();
        Headers headers = translatedHeaders(chosen, new Headers()).set("Content-Type", "application/json");
        end(Result.SUCCESS, 200, document.length, null);
        exchange.respond(200, headers, document);
    }

    @Override
    public void onFault(RuntimeException fault) {
        broke(fault);
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
    public void onFailure(SendFailure failure) {
        if (ended) {
            return;
        }
        endpoint = failure.endpoint().name();
        attempts = failure.attempts();
        if (translation != null && translation.opened()) {
            end(failure.result(), status, translation.fail(failure.status(), failure.message()), failure.message());
            return;
        }
        end(failure.result(), failure.status(), 0, failure.message());
        ErrorAnswer.respond(exchange, failure.status(), failure.code(), failure.message());
    }

    @Override
    public void onAttemptFailed(Endpoint failed, UpstreamFailure failure) {
        if (translation != null) {
            translation.askedNoMore();
        }
        trace.attemptFailed(failed, failure);
    }

    @Override
    public void onPassedOver(Endpoint other, int otherStatus) {
        if (translation != null) {
            translation.askedNoMore();
        }
        trace.tried(other.name(), otherStatus, "passed_over");
    }

    private void reject(int status, String code, String message) {
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
    private void clientLeft() {
        if (ended) {
            return;
        }
        long bytes = 0;
        if (translation != null) {
            bytes = translation.abandon();
        }
        if (delivery != null) {
            bytes = delivery.abandon();
        }
        if (fanOut != null) {
            bytes = fanOut.cancel();
        }
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

    private long waitedMillis() {
        return selection == null ? 0 : selection.waitedMillis();
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - exchange.arrivedNanos());
    }

    private void end(Result result, int status, long bytes, @Nullable String message) {
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
        if (management != null && call != null && call.changesModels() && !targets.isEmpty()) {
            management.changed(targets);
        }
        if (translation != null) {
            trace.formats(translation.formats(attempts > 0, inspection.streaming()));
        }
        pipeline.log().ended(outcome);
        pipeline.recorder().ended(trace, outcome, exchange.peer());
    }
}
