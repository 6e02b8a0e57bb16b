package dev.olla.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Fetches over the same connections, with the same TLS, as proxied requests: a probe sees what a request would
/// see.
public final class UpstreamFetcher implements Fetcher {

    private static final int MAX_REDIRECTS = 3;

    private final UpstreamClient client;
    private final EventLoops loops;

    public UpstreamFetcher(UpstreamClient client, EventLoops loops) {
        this.client = client;
        this.loops = loops;
    }

    @Override
    public <T> Streamed<T> fetch(FetchRequest request, Streamed.Reader<T> reader) throws InterruptedException {
        long start = System.nanoTime();
        FetchRequest current = request;
        for (int hop = 0; ; hop++) {
            Loop loop = loops.next();
            try (AnswerPipe pipe = new AnswerPipe(loop, current.maxBytes())) {
                UpstreamRequest upstream = upstream(current);
                loop.execute(() -> pipe.begin(client, upstream));
                ResponseHead head = pipe.awaitHead();
                URI next = head == null ? null : redirect(current.uri(), head.status(), head.headers());
                if (next == null || hop == MAX_REDIRECTS) {
                    return read(head, pipe, reader, start);
                }
                Duration left = request.timeout().minusNanos(System.nanoTime() - start);
                current = current.to(next, left.isPositive() ? left : Duration.ofMillis(1));
            }
        }
    }

    private static <T> Streamed<T> read(
            @Nullable ResponseHead head, AnswerPipe pipe, Streamed.Reader<T> reader, long start)
            throws InterruptedException {
        UpstreamFailure before = pipe.failure();
        if (head == null) {
            return new Streamed.Failed<>(before == null ? closed() : before);
        }
        T value;
        try {
            value = reader.read(head, pipe);
            pipe.drain();
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            UpstreamFailure failure = pipe.failure();
            return new Streamed.Failed<>(failure == null ? unusable(e) : failure);
        }
        UpstreamFailure failure = pipe.failure();
        return failure == null
                ? new Streamed.Answer<>(
                        head.status(), head.headers(), value, Duration.ofNanos(System.nanoTime() - start))
                : new Streamed.Failed<>(failure);
    }

    private static UpstreamFailure closed() {
        return new UpstreamFailure(UpstreamFailure.Kind.CLOSED, false, "no answer");
    }

    private static UpstreamFailure unusable(IOException e) {
        return new UpstreamFailure(UpstreamFailure.Kind.MALFORMED, false, "unusable answer: " + e.getMessage());
    }

    /// Where a redirect leads, or null when there is none to follow: credentials never go to another host.
    private static @Nullable URI redirect(URI from, int status, Headers headers) {
        if (status < 301 || status > 308 || status == 304) {
            return null;
        }
        String location = headers.first("Location");
        if (location == null) {
            return null;
        }
        try {
            URI to = from.resolve(location);
            return Origin.of(from).equals(Origin.of(to)) ? to : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static UpstreamRequest upstream(FetchRequest request) {
        URI uri = request.uri();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
        Duration timeout = request.timeout();
        UpstreamTimeouts limits = new UpstreamTimeouts(timeout, timeout, timeout, Duration.ZERO, timeout);
        Origin origin = Origin.of(uri).with(request.tls());
        return new UpstreamRequest(
                origin, request.method(), target, request.headers().copy(), request.body(), limits);
    }
}
