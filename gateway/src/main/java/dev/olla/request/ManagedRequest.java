package dev.olla.request;

import dev.olla.http.Exchange;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.select.Selection;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.request.stream.Delivery;
import dev.olla.request.stream.RelayListener;
import dev.olla.telemetry.RequestOutcome.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that manages the models of one server, or of several at once.
final class ManagedRequest extends OngoingRequest {

    private final ModelManagement management;
    private final ManagementCall call;
    private @Nullable FanOut fanOut;
    private List<Candidate> targets = List.of();

    /// @param path as the server would see it
    ManagedRequest(
            RequestPipeline pipeline,
            Exchange exchange,
            ProviderScope scope,
            String path,
            ModelManagement management,
            ManagementCall call) {
        super(pipeline, exchange, scope, path);
        this.management = management;
        this.call = call;
    }

    @Override
    void begin() {
        receive();
        exchange.onClientGone(this::clientLeft);
        if (call.ofBlob()) {
            inspected();
        } else {
            inspect(request().headers());
        }
    }

    @Override
    void inspected() {
        switch (management.choose(request().headers(), scope, call, inspection().model())) {
            case ModelManagement.Choice.Refused(int refused, String code, String message) ->
                reject(refused, code, message);
            case ModelManagement.Choice.Targets(var candidates) -> {
                targets = candidates;
                trace.selecting(candidates, pipeline.balancer(), null);
                if (candidates.size() == 1) {
                    claim(new Selection(pipeline.balancer(), pipeline.rates(), candidates, _ -> true), candidates);
                } else {
                    askAll(candidates);
                }
            }
        }
    }

    private void askAll(List<Candidate> candidates) {
        FanOut calls = new FanOut(exchange, candidates, streams(), new Together());
        fanOut = calls;
        sending(candidates.size(), calls.endpoints());
        calls.start(pipeline, outgoing());
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

    @Override
    boolean streams() {
        Boolean asked = inspection().streaming();
        return call.streams() && (asked == null || asked);
    }

    @Override
    boolean repeatable() {
        return false;
    }

    @Override
    Delivery deliver(UpstreamResponse response, RelayListener listener) {
        return Delivery.start(exchange, response, answerHeaders(response), pipeline.flushProfile(), listener);
    }

    @Override
    long abandon() {
        return fanOut == null ? super.abandon() : fanOut.cancel();
    }

    @Override
    void cancel() {
        super.cancel();
        if (fanOut != null) {
            fanOut.cancel();
        }
    }

    @Override
    void over() {
        if (call.changesModels() && !targets.isEmpty()) {
            management.changed(targets);
        }
    }
}
