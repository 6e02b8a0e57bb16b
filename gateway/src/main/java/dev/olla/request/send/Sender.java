package dev.olla.request.send;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Fleet;
import dev.olla.http.Body;
import dev.olla.http.Loop;
import dev.olla.http.UpstreamClient;
import dev.olla.http.UpstreamRequest;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.Way;
import dev.olla.request.select.Claim;
import dev.olla.request.select.Selection;
import dev.olla.telemetry.RequestLog;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// Sends requests to endpoints. Safe for all event loops.
public final class Sender {

    private final UpstreamClient client;
    private final Fleet fleet;
    private final RequestLog log;
    private final RetryPolicy retries;
    private final OutboundHeaders headers;

    /// @param version of the gateway
    public Sender(UpstreamClient client, Fleet fleet, RequestLog log, RetryPolicy retries, String version) {
        this.retries = retries;
        this.client = client;
        this.fleet = fleet;
        this.log = log;
        this.headers = new OutboundHeaders(version);
    }

    /// Starts to send; the listener hears of the end, and may before this method returns.
    ///
    /// @param selection of at least one candidate
    /// @param arrivedNanos when the request arrived, in [System#nanoTime] terms
    public Sending send(Loop loop, Outgoing outgoing, Selection selection, long arrivedNanos, SendListener listener) {
        retries.requested();
        Sending sending = new Sending(this, loop, outgoing, selection, arrivedNanos, listener);
        try {
            sending.tryNext();
        } catch (RuntimeException e) {
            sending.cancel();
            throw e;
        }
        return sending;
    }

    Fleet fleet() {
        return fleet;
    }

    RetryPolicy retries() {
        return retries;
    }

    RequestLog log() {
        return log;
    }

    Attempt attempt(Sending sending, Claim claim) {
        BackendProfile kind = sending.kind(claim.candidate().endpoint());
        Outgoing.Limits limits = sending.outgoing().limits();
        return new Attempt(
                sending,
                claim,
                rewritten(sending.outgoing(), claim.candidate()),
                kind == null ? limits : KindLimits.over(limits, kind, claim));
    }

    /// The attempt may be over, and others after it, when this method returns.
    ///
    /// @param path where the endpoint takes the request; null for the path that the client asked for
    void start(Sending sending, Attempt attempt, @Nullable String path) {
        Outgoing outgoing = sending.outgoing();
        Endpoint endpoint = attempt.endpoint();
        String target = TargetPath.on(endpoint, path == null ? outgoing.path() : path);
        UpstreamRequest request = new UpstreamRequest(
                endpoint.origin(),
                outgoing.client().method(),
                target + outgoing.client().querySuffix(),
                headers.of(outgoing, endpoint),
                attempt.body(),
                attempt.limits().timeouts(),
                outgoing.feed());
        dispatch(sending, attempt, request);
    }

    /// The same for a request that was put into another form.
    void startTranslated(Sending sending, Attempt attempt, String path) {
        Endpoint endpoint = attempt.endpoint();
        UpstreamRequest request = new UpstreamRequest(
                endpoint.origin(),
                "POST",
                TargetPath.on(endpoint, path),
                headers.translated(sending.outgoing(), endpoint),
                attempt.body(),
                attempt.limits().timeouts(),
                null);
        dispatch(sending, attempt, request);
    }

    private void dispatch(Sending sending, Attempt attempt, UpstreamRequest request) {
        Outgoing outgoing = sending.outgoing();
        log.dispatching(outgoing.id(), attempt.endpoint().name(), attempt.attempt(), outgoing.model());
        attempt.begin();
        attempt.started(client.send(sending.loop(), request, attempt));
    }

    /// The body with the name that the endpoint knows the model by, or null when it needs none.
    private static @Nullable Body rewritten(Outgoing outgoing, Candidate candidate) {
        String nativeModel = candidate.nativeModel();
        if (nativeModel == null || outgoing.modelStart() < 0 || candidate.way() instanceof Way.Translated) {
            return null;
        }
        return renamed(outgoing.body(), outgoing.modelStart(), outgoing.modelEnd(), nativeModel);
    }

    /// The body with another name for its model; to be released.
    ///
    /// @param start of the name's JSON string, its quote included
    /// @param end the byte after its closing quote
    public static Body renamed(Body body, long start, long end, String model) {
        String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(model)) + '"';
        return body.splice(start, end, quoted.getBytes(StandardCharsets.UTF_8));
    }
}
