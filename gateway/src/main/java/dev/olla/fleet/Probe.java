package dev.olla.fleet;

import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.http.TlsSettings;
import java.net.URI;
import java.time.Duration;

/// Asks one endpoint whether it is up.
final class Probe {

    /// Some kinds of server are probed by their model list, which can be long.
    private static final int MAX_BYTES = ModelListRequest.MAX_BYTES;

    private static final int EXTRA_ATTEMPTS = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final Surroundings surroundings;
    private final URI uri;
    private final TlsSettings tls;
    private final Headers headers;
    private final Duration timeout;

    /// @param took of the last attempt
    record Result(ProbeVerdict verdict, Duration took) {}

    Probe(Endpoint endpoint, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.uri = EndpointUrls.health(endpoint);
        this.timeout = endpoint.settings().checkTimeout();
        this.tls = endpoint.tlsFor(uri);
        this.headers =
                endpoint.extraHeadersFor(uri).setIfAbsent("User-Agent", "olla-HealthChecker/" + surroundings.version());
    }

    /// Asks once, and up to two times more when the connection broke. Blocks.
    Result run() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int left = EXTRA_ATTEMPTS; ; left--) {
            long started = surroundings.nanoTime().getAsLong();
            Fetched fetched = surroundings.fetcher().get(uri, tls, headers.copy(), timeout, MAX_BYTES);
            if (left == 0 || !ProbeVerdict.worthAnotherAttempt(fetched)) {
                return result(fetched, started);
            }
            Thread.sleep(Duration.ofNanos((long) (pause.toNanos() * surroundings.jitter())));
            pause = pause.multipliedBy(2);
        }
    }

    private Result result(Fetched fetched, long started) {
        Duration took = fetched instanceof Fetched.Answer answer
                ? answer.took()
                : Duration.ofNanos(surroundings.nanoTime().getAsLong() - started);
        return new Result(ProbeVerdict.of(fetched, surroundings.clock().instant()), took);
    }
}
