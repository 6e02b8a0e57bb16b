package dev.olla.testbed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The blobs that were given to a simulated Ollama: it knows their digests, and counts their bytes. Safe for any
/// thread.
final class Blobs {

    static final String PREFIX = "/api/blobs/";

    private final Set<String> digests = ConcurrentHashMap.newKeySet();
    private final AtomicLong brokenOff = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    /// Whether a blob of that digest came whole.
    boolean has(String digest) {
        return digests.contains(digest.replace("sha256-", "sha256:"));
    }

    void add(String digest) {
        digests.add(digest);
    }

    void received(int bytes) {
        received.addAndGet(bytes);
    }

    void brokeOff() {
        brokenOff.incrementAndGet();
    }

    /// How many never came whole, because their client left.
    long brokenOff() {
        return brokenOff.get();
    }

    /// All bytes that came, those of blobs that broke off included.
    long bytes() {
        return received.get();
    }
}
