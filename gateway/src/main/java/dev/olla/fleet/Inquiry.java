package dev.olla.fleet;

import dev.olla.http.Body;
import dev.olla.http.FetchRequest;
import dev.olla.http.Fetched;
import dev.olla.http.Fetcher;
import dev.olla.http.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Asks several endpoints the same small question, side by side. Safe for all threads; no method waits.
public final class Inquiry implements AutoCloseable {

    private final Fetcher fetcher;
    private final String product;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("inquiry-", 0).factory());

    /// What an endpoint said, or why it said nothing.
    public record Reply(Endpoint endpoint, Fetched fetched) {}

    /// @param version of the gateway, for `User-Agent`
    public Inquiry(Fetcher fetcher, String version) {
        this.fetcher = fetcher;
        this.product = "Olla/" + version;
    }

    /// Sends a GET to each.
    ///
    /// @param path below the base path of the endpoint
    /// @param limit for each answer
    /// @param maxBytes of each answer
    /// @return completes on any thread, never exceptionally but when this is closed; the replies are in the order
    ///     of the endpoints
    public CompletableFuture<List<Reply>> get(List<Endpoint> endpoints, String path, Duration limit, int maxBytes) {
        List<CompletableFuture<Reply>> replies = new ArrayList<>(endpoints.size());
        for (Endpoint endpoint : endpoints) {
            replies.add(CompletableFuture.supplyAsync(() -> ask(endpoint, path, limit, maxBytes), threads));
        }
        return CompletableFuture.allOf(replies.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> replies.stream().map(CompletableFuture::join).toList());
    }

    private Reply ask(Endpoint endpoint, String path, Duration limit, int maxBytes) {
        URI uri = URI.create(endpoint.origin() + endpoint.basePath() + path);
        return reply(endpoint, FetchRequest.get(uri, endpoint.tlsFor(uri), headers(endpoint, uri), limit, maxBytes));
    }

    private Headers headers(Endpoint endpoint, URI uri) {
        return endpoint.extraHeadersFor(uri)
                .setIfAbsent("User-Agent", product)
                .setIfAbsent("Accept", "application/json");
    }

    private Reply reply(Endpoint endpoint, FetchRequest request) {
        try {
            return new Reply(endpoint, fetcher.whole(request));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            throw new CompletionException(closed);
        }
    }

    /// Sends a document in JSON to one.
    ///
    /// @param path as the server knows it, below its root
    /// @param fields to go along, beside those that the endpoint always gets
    /// @param body kept by the caller until the reply is there
    /// @return as of [#get]
    public CompletableFuture<Reply> post(
            Endpoint endpoint, String path, Headers fields, Body body, Duration limit, int maxBytes) {
        return CompletableFuture.supplyAsync(() -> tell(endpoint, path, fields, body, limit, maxBytes), threads);
    }

    private Reply tell(Endpoint endpoint, String path, Headers fields, Body body, Duration limit, int maxBytes) {
        URI uri = URI.create(endpoint.origin() + path);
        Headers headers = headers(endpoint, uri).setIfAbsent("Content-Type", "application/json");
        for (int i = 0; i < fields.size(); i++) {
            headers.setIfAbsent(fields.name(i), fields.value(i));
        }
        return reply(endpoint, new FetchRequest("POST", uri, endpoint.tlsFor(uri), headers, body, limit, maxBytes));
    }

    /// Ends questions under way.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
