package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Fetches over the same connections, with the same TLS, as proxied requests: a probe sees what a request would see.
public final class UpstreamFetcher implements Fetcher {

    private static final int MAX_REDIRECTS = 3;

    private final UpstreamClient client;
    private final EventLoops loops;

    public UpstreamFetcher(UpstreamClient client, EventLoops loops) {
        this.client = client;
        this.loops = loops;
    }

    @Override
    public Fetched get(URI uri, TlsSettings tls, Headers headers, Duration timeout, int maxBytes)
            throws InterruptedException {
        long start = System.nanoTime();
        URI target = uri;
        for (int hop = 0; ; hop++) {
            Duration left = timeout.minusNanos(System.nanoTime() - start);
            Duration limit = left.isPositive() ? left : Duration.ofMillis(1);
            Fetched fetched = once(request(target, tls, headers, limit), maxBytes);
            URI next = redirect(target, fetched);
            if (next == null || hop == MAX_REDIRECTS) {
                return fetched;
            }
            target = next;
        }
    }

    /// Where a redirect leads, or null when there is none to follow: credentials never go to another host.
    private static @Nullable URI redirect(URI from, Fetched fetched) {
        if (!(fetched instanceof Fetched.Answer(int status, Headers headers, Body _, Duration _))
                || status < 301
                || status > 308
                || status == 304) {
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

    private static UpstreamRequest request(URI uri, TlsSettings tls, Headers headers, Duration timeout) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
        UpstreamTimeouts limits = new UpstreamTimeouts(timeout, timeout, timeout, Duration.ZERO, timeout);
        return new UpstreamRequest(Origin.of(uri).with(tls), "GET", target, headers.copy(), Body.empty(), limits);
    }

    private Fetched once(UpstreamRequest request, int maxBytes) throws InterruptedException {
        Loop loop = loops.next();
        Collector collector = new Collector(maxBytes);
        loop.execute(() -> collector.call = client.send(loop, request, collector));
        try {
            return collector.result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            loop.execute(collector::cancel);
            throw e;
        }
    }

    /// Gathers one answer; lives on its event loop, its result is for the waiting thread.
    private static final class Collector implements UpstreamListener {

        private final CompletableFuture<Fetched> result = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long start = System.nanoTime();
        private final int maxBytes;
        private @Nullable UpstreamCall call;
        private @Nullable ResponseHead head;

        Collector(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        void cancel() {
            if (call != null) {
                call.cancel();
            }
        }

        @Override
        public void onHead(ResponseHead head) {
            this.head = head;
        }

        @Override
        public void onData(ByteBuf data) {
            try (var _ = new Releasing(data)) {
                if (bytes.size() + data.readableBytes() > maxBytes) {
                    cancel();
                    onFailure(new UpstreamFailure(
                            UpstreamFailure.Kind.MALFORMED, false, "the answer is longer than " + maxBytes + " bytes"));
                    return;
                }
                data.readBytes(bytes, data.readableBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onBatchEnd() {
            // nothing to flush: the answer is gathered whole
        }

        @Override
        public void onEnd() {
            ResponseHead answered = head;
            if (answered != null) {
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                result.complete(
                        new Fetched.Answer(answered.status(), answered.headers(), Body.of(bytes.toByteArray()), took));
            }
        }

        @Override
        public void onFailure(UpstreamFailure failure) {
            result.complete(new Fetched.Failed(failure));
        }
    }

    /// Lets a buffer be released by try-with-resources.
    private record Releasing(ByteBuf buffer) implements AutoCloseable {
        @Override
        public void close() {
            buffer.release();
        }
    }
}
