package dev.olla.fleet;

import dev.olla.http.Body;
import dev.olla.http.FetchRequest;
import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.http.Streamed;
import dev.olla.http.UpstreamFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;

/// Asks one endpoint whether it is up.
final class Probe {

    /// Some kinds of server are probed by their model list, which can be long.
    private static final int MAX_BYTES = ModelListRequest.MAX_BYTES;

    private static final int EXTRA_ATTEMPTS = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final String SLEEP = "/is_sleeping";

    private final Endpoint endpoint;
    private final FleetStates states;
    private final Surroundings surroundings;
    private final ControlCalls calls;
    private final Duration timeout;

    /// @param took of the last attempt
    /// @param status of the answer; 0 where there was none
    record Result(ProbeVerdict verdict, Duration took, int status) {

        Result(ProbeVerdict verdict, Duration took) {
            this(verdict, took, 0);
        }
    }

    Probe(Endpoint endpoint, FleetStates states, Surroundings surroundings) {
        this.endpoint = endpoint;
        this.states = states;
        this.surroundings = surroundings;
        this.calls = new ControlCalls(endpoint, surroundings);
        this.timeout = endpoint.settings().checkTimeout();
        URI _ = EndpointUrls.health(endpoint, endpoint.profile()); // complains of a URL that can't be used
    }

    /// Asks once, and up to two times more when the connection broke. Blocks.
    Result run() throws InterruptedException {
        EndpointKind kind = states.state(endpoint).kind();
        Result result = ask(kind.profile());
        if (endpoint.settings().isAuto() && endpoint.settings().healthCheckUrl() == null) {
            return kind.known() ? asFound(result) : asAnything(result);
        }
        return asleep(kind.profile(), result);
    }

    private Result ask(BackendProfile kind) throws InterruptedException {
        URI uri = EndpointUrls.health(endpoint, kind);
        Headers headers =
                endpoint.extraHeadersFor(uri).setIfAbsent("User-Agent", "olla-HealthChecker/" + surroundings.version());
        FetchRequest request = FetchRequest.get(uri, endpoint.tlsFor(uri), headers, timeout, MAX_BYTES);
        Duration pause = FIRST_PAUSE;
        for (int left = EXTRA_ATTEMPTS; ; left--) {
            long started = surroundings.nanoTime().getAsLong();
            Fetched fetched = headOf(surroundings.fetcher().fetch(request, Probe::passOver));
            if (left == 0 || !ProbeVerdict.worthAnotherAttempt(fetched)) {
                return result(fetched, started);
            }
            Thread.sleep(Duration.ofNanos((long) (pause.toNanos() * surroundings.jitter())));
            pause = pause.multipliedBy(2);
        }
    }

    /// The body says nothing about health, however long it is.
    private static boolean passOver(ResponseHead head, InputStream body) throws IOException {
        body.transferTo(OutputStream.nullOutputStream());
        return true;
    }

    private static Fetched headOf(Streamed<Boolean> streamed) {
        return switch (streamed) {
            case Streamed.Answer<Boolean>(int status, Headers headers, Boolean _, Duration took) ->
                new Fetched.Answer(status, headers, Body.empty(), took);
            case Streamed.Failed<Boolean>(UpstreamFailure failure) -> new Fetched.Failed(failure);
        };
    }

    /// A server of a kind that is not found out yet is up when it answers anything.
    private Result asAnything(Result result) {
        return result.status() == 0 ? result : new Result(result.verdict().answering(), result.took(), result.status());
    }

    /// A server that doesn't know the health path of its kind has become another one.
    private Result asFound(Result result) throws InterruptedException {
        if (result.status() == 404 || result.status() == 405) {
            states.taken(endpoint, EndpointKind.configured(endpoint));
            return result;
        }
        return asleep(states.state(endpoint).profile(), result);
    }

    /// An engine may be up and have its model out of memory: nobody should wait for it.
    private Result asleep(BackendProfile kind, Result result) throws InterruptedException {
        if (!result.verdict().status().routable() || !kind.paths().contains(SLEEP)) {
            return result;
        }
        boolean sleeps = calls.get(SLEEP, timeout).body().path("is_sleeping").asBoolean(false);
        return sleeps ? new Result(result.verdict().sleeping(), result.took(), result.status()) : result;
    }

    private Result result(Fetched fetched, long started) {
        Duration took = fetched instanceof Fetched.Answer answer
                ? answer.took()
                : Duration.ofNanos(surroundings.nanoTime().getAsLong() - started);
        int status = fetched instanceof Fetched.Answer answer ? answer.status() : 0;
        return new Result(ProbeVerdict.of(fetched, surroundings.clock().instant()), took, status);
    }
}
