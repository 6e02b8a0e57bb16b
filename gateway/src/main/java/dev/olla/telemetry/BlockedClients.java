package dev.olla.telemetry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/// The clients that were refused within the last hour, 10,000 of them at most. Safe for all threads.
final class BlockedClients {

    private static final int MAX = 10_000;
    private static final Duration MEMORY = Duration.ofHours(1);

    private final Cache<String, Boolean> clients;

    /// @param nanoTime a clock such as [System#nanoTime]
    BlockedClients(LongSupplier nanoTime) {
        clients = Caffeine.newBuilder()
                .maximumSize(MAX)
                .expireAfterWrite(MEMORY)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    void add(String client) {
        clients.put(client, true);
    }

    long count() {
        clients.cleanUp();
        return clients.estimatedSize();
    }
}
