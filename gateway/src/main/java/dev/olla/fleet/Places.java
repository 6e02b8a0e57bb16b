package dev.olla.fleet;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The inference requests that run on one server now and those that wait for it, over all configurations.
///
/// Safe for all threads; no method waits.
public final class Places {

    /// How much the youngest request counts in the recent time per request: a quarter.
    private static final int MEMORY = 4;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong recentNanos = new AtomicLong();
    private volatile int slots;

    /// Takes a place if fewer than so many are taken.
    ///
    /// @param limit 0 means that there always is one
    public boolean take(int limit) {
        while (true) {
            int taken = running.get();
            if (limit > 0 && taken >= limit) {
                return false;
            }
            if (running.compareAndSet(taken, taken + 1)) {
                return true;
            }
        }
    }

    /// Whether a place could be taken now.
    public boolean hasRoom(int limit) {
        return limit == 0 || running.get() < limit;
    }

    /// A place that was taken is free again.
    public void giveBack() {
        running.decrementAndGet();
    }

    /// Inference requests under way.
    public int running() {
        return running.get();
    }

    /// Requests for which this server is one of those they wait for.
    public int queued() {
        return queued.get();
    }

    /// So many more wait for this server, among others; negative when they wait no longer.
    public void queue(int change) {
        queued.addAndGet(change);
    }

    /// The server says how many requests it works on at once.
    public void reportSlots(int number) {
        slots = Math.max(0, number);
    }

    /// As the server said last; 0 where it doesn't say.
    public int slots() {
        return slots;
    }

    /// A request took that long, without what it waited behind others.
    public void served(long nanos) {
        recentNanos.updateAndGet(
                before -> before == 0 ? Math.max(1, nanos) : Math.max(1, before + (nanos - before) / MEMORY));
    }

    /// How long requests took recently, in nanoseconds; 0 before the first.
    public long recentNanos() {
        return recentNanos.get();
    }
}
