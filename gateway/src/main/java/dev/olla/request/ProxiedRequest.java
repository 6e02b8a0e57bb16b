package dev.olla.request;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.ErrorAnswer;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.PathRules;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.Route;
import dev.olla.request.route.RouteRequest;
import dev.olla.request.route.RoutingDecision;
import dev.olla.request.route.Way;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.Demand;
import dev.olla.request.select.Seating;
import dev.olla.request.select.Selection;
import dev.olla.request.select.SessionPin;
import dev.olla.request.send.Outgoing;
import dev.olla.request.send.SendFailure;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.request.stream.Delivery;
import dev.olla.request.stream.RelayListener;
import dev.olla.telemetry.RequestOutcome.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that a model answers, wherever it is.
final class ProxiedRequest extends OngoingRequest {

    private final @Nullable String onlyAt;
    /// What is asked, where a server of another format may answer; null where none may.
    private final @Nullable ApiCall asked;
    /// Null for a request that isn't one of Anthropic's API.
    private final @Nullable MessagesRules messages;
    /// Null for a request that only servers of its own format are asked, or that names no model.
    private @Nullable Translation translation;
    private @Nullable SessionPin pin;

    /// @param path as the server would see it
    /// @param onlyAt the server that alone may be asked; null where any may
    ProxiedRequest(
            RequestPipeline pipeline, Exchange exchange, ProviderScope scope, String path, @Nullable String onlyAt) {
        super(pipeline, exchange, scope, path);
        this.onlyAt = onlyAt;
        this.asked = request().method().equals("POST") ? scope.translatable(path) : null;
        this.messages = asked == ApiCall.MESSAGES
                ? new MessagesRules(pipeline.formats().settings().maxMessageSize())
                : null;
    }

    @Override
    void begin() {
        receive();
        String notSupported = PathRules.notSupported(path);
        if (notSupported != null) {
            end(Result.REJECTED, 501, 0, notSupported);
            ErrorAnswer.notSupported(exchange, notSupported);
            return;
        }
        exchange.onClientGone(this::clientLeft);
        if (messages == null) {
            inspect(request().headers());
        } else if (!isRefused(messages.length(exchange.body()))) {
            inspect(new Headers()); // JSON, whatever the client calls it
        }
    }

    @Override
    void inspected() {
        if (messages != null && isRefused(MessagesRules.model(inspection()))) {
            return;
        }
        String problem = inspection().problem();
        if (problem != null && PathRules.isInference(request().method(), path)) {
            reject(400, "invalid_json", problem);
            return;
        }
        String model = inspection().model();
        if (asked != null && model != null) {
            translation = new Translation(exchange, pipeline.formats(), asked, model);
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
        if (!ended()) {
            pipeline.routes().find(wanted(), exchange.loop(), route -> guarded(() -> routed(route)));
        }
    }

    private RouteRequest wanted() {
        RouteRequest wanted = RouteRequest.of(scope, path, asked, inspection());
        return translation == null ? wanted : wanted.beyond(translation.beyond());
    }

    private void routed(Route route) {
        if (ended()) {
            return;
        }
        trace.routed(route);
        String model = inspection().model();
        switch (route.decision()) {
            case RoutingDecision.Rejected(int status, String code, String message, var rejectedLabel) -> {
                label(rejectedLabel);
                boolean inOllamasWords = status == 404 && model != null && PathRules.isShow(path);
                reject(status, code, inOllamasWords ? "model '" + model + "' not found" : message);
            }
            case RoutingDecision.Routed(var candidates, var routedLabel) -> {
                label(routedLabel);
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
        pin = pipeline.sticky().pin(request(), exchange.peer(), inspection(), balancer);
        trace.selecting(candidates, balancer, pin);
        Selection wanted =
                new Selection(pin == null ? balancer : pin, pipeline.rates(), candidates, this::takesWork, seating());
        claim(wanted, candidates);
    }

    /// Null for a request that takes no place.
    private @Nullable Seating seating() {
        String model = inspection().model();
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

    /// An endpoint of an earlier configuration is known to nobody else any more.
    private boolean takesWork(Endpoint candidate) {
        EndpointState state = pipeline.fleet().snapshot().state(candidate);
        return state == null ? candidate.enabled() : state.takesWork();
    }

    @Override
    boolean streams() {
        Boolean wanted = inspection().streaming();
        return wanted == null ? PathRules.streamsByDefault(path) : wanted;
    }

    @Override
    boolean repeatable() {
        return PathRules.isRepeatable(path);
    }

    @Override
    Outgoing sent(Outgoing outgoing) {
        return translation == null ? outgoing : translation.sent(outgoing);
    }

    @Override
    Delivery deliver(UpstreamResponse response, RelayListener listener) {
        Translation crossing = translation;
        if (crossing == null) {
            return Delivery.start(
                    exchange, response, pinned(answerHeaders(response)), pipeline.flushProfile(), listener);
        }
        crossing.answered(response.spoken());
        AnswerTranslation answer = response.translation();
        if (answer != null) {
            Headers headers =
                    translatedHeaders(response.endpoint(), response.head().headers());
            return crossing.deliver(response, answer, headers, listener);
        }
        Headers headers = pinned(answerHeaders(response));
        return switch (crossing.call()) {
            case MESSAGES ->
                Delivery.ofMessages(
                        exchange,
                        response,
                        headers.add("X-Olla-Mode", "passthrough"),
                        pipeline.flushProfile(),
                        listener);
            default -> Delivery.start(exchange, response, headers, pipeline.flushProfile(), listener);
        };
    }

    private Headers pinned(Headers headers) {
        if (pin != null) {
            pin.writeTo(headers);
        }
        return headers;
    }

    private Headers translatedHeaders(Endpoint server, Headers from) {
        return pinned(answerHeaders(server, from));
    }

    /// A response that was passed on is kept by its server: a request that goes on from it belongs there.
    @Override
    void told(UpstreamResponse response, Delivery delivery) {
        boolean passedOn =
                translation != null && translation.call() == ApiCall.RESPONSES && translation.spoken() == null;
        String name = passedOn ? delivery.responseId() : null;
        if (name != null) {
            pipeline.formats()
                    .requests()
                    .store()
                    .keepElsewhere(name, response.endpoint().name());
        }
    }

    @Override
    public void onTranslated(Endpoint server, ApiCall to) {
        if (translation != null) {
            translation.asked(to, this::commit, () -> {
                answeredBy(server, 200);
                return translatedHeaders(server, new Headers());
            });
        }
    }

    @Override
    public void onRefused(BadRequest why) {
        if (!ended()) {
            reject(Refusal.of(why));
        }
    }

    @Override
    public void onNeedless(Endpoint chosen, byte[] document) {
        if (ended()) {
            return;
        }
        answeredBy(chosen, 200);
        Headers headers = translatedHeaders(chosen, new Headers()).set("Content-Type", "application/json");
        end(Result.SUCCESS, 200, document.length, null);
        exchange.respond(200, headers, document);
    }

    @Override
    public void onFault(RuntimeException fault) {
        broke(fault);
    }

    @Override
    public void onAttemptFailed(Endpoint failed, UpstreamFailure failure) {
        askedNoMore();
        super.onAttemptFailed(failed, failure);
    }

    @Override
    public void onPassedOver(Endpoint other, int otherStatus) {
        askedNoMore();
        super.onPassedOver(other, otherStatus);
    }

    private void askedNoMore() {
        if (translation != null) {
            translation.askedNoMore();
        }
    }

    @Override
    void tell(SendFailure failure) {
        if (translation != null && translation.opened()) {
            long bytes = translation.fail(failure.status(), failure.message());
            end(failure.result(), 200, bytes, failure.message());
        } else {
            super.tell(failure);
        }
    }

    @Override
    long abandon() {
        long opened = translation == null ? 0 : translation.abandon();
        return Math.max(opened, super.abandon());
    }

    @Override
    void over() {
        if (translation != null) {
            trace.formats(translation.formats(wasSent(), inspection().streaming()));
        }
    }
}
