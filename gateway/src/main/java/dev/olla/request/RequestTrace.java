package dev.olla.request;

import dev.olla.dialect.Dialect;
import dev.olla.fleet.Endpoint;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.Route;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.Score;
import dev.olla.request.select.SessionPin;
import dev.olla.telemetry.DecisionRecord.Tried;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What is remembered of one request on its way, for its decision record. Lives on the event loop of its request.
final class RequestTrace {

    private final Instant at;
    private final String path;
    private final List<Tried> tried = new ArrayList<>(1);
    private @Nullable Route route;
    private @Nullable RoutingLabel label;
    private List<Candidate> candidates = List.of();
    private List<Score> scores = List.of();
    private @Nullable SessionPin pin;
    private @Nullable Formats formats;
    private long attemptStarted;
    private long queueMillis;

    /// @param path as the server would see it
    RequestTrace(Instant at, String path) {
        this.at = at;
        this.path = path;
    }

    void routed(Route found) {
        route = found;
        label = found.decision().label();
    }

    /// Among these one is about to be chosen.
    void selecting(List<Candidate> from, Balancer balancer, @Nullable SessionPin session) {
        candidates = from;
        pin = session;
        scores = balancer.scores(from);
    }

    /// The first attempt starts.
    ///
    /// @param waitedMillis for a place
    void sending(long waitedMillis) {
        attemptStarted = System.nanoTime();
        queueMillis = waitedMillis;
    }

    void attemptFailed(Endpoint endpoint, UpstreamFailure failure) {
        tried(endpoint.name(), 0, failure.kind().name().toLowerCase(Locale.ROOT));
    }

    /// An attempt is over.
    void tried(String endpoint, int status, String result) {
        long now = System.nanoTime();
        tried.add(new Tried(endpoint, status, result, TimeUnit.NANOSECONDS.toMillis(now - attemptStarted)));
        attemptStarted = now;
    }

    /// The formats of client and server.
    ///
    /// @param to the server's; null where none was asked
    /// @param translated whether it was put into another format; without a server that counts as translated
    record Formats(Dialect from, @Nullable Dialect to, boolean translated, boolean streaming) {}

    void formats(Formats known) {
        formats = known;
    }

    /// Null for a request that no server of another format may get.
    @Nullable
    Formats formats() {
        return formats;
    }

    Instant at() {
        return at;
    }

    String path() {
        return path;
    }

    List<Tried> tried() {
        return tried;
    }

    @Nullable
    Route route() {
        return route;
    }

    @Nullable
    RoutingLabel label() {
        return label;
    }

    List<Candidate> candidates() {
        return candidates;
    }

    Score score(Candidate candidate) {
        return scores.get(candidates.indexOf(candidate));
    }

    /// Whether the session decided, not the balancer.
    boolean pinned() {
        return pin != null && pin.kept();
    }

    /// How long the request waited for a place.
    long queueMillis() {
        return queueMillis;
    }

    /// The candidate that stands for the endpoint; null when none does.
    @Nullable
    Candidate candidate(@Nullable String endpoint) {
        for (Candidate candidate : candidates) {
            if (candidate.endpoint().name().equals(endpoint)) {
                return candidate;
            }
        }
        return null;
    }
}
