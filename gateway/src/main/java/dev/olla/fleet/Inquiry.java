package dev.olla.fleet;

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
        Headers headers = endpoint.extraHeadersFor(uri)
                .setIfAbsent("User-Agent", product)
                .setIfAbsent("Accept", "application/json");
        try {
            return new Reply(endpoint, fetcher.get(uri, endpoint.tlsFor(uri), headers, limit, maxBytes));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            throw new CompletionException(closed);
        }
    }

    /// Ends questions under way.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
