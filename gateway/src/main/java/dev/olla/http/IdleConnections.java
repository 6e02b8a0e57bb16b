package dev.olla.http;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one origin that wait for their next request, the latest used first.
///
/// At most 25 for an origin are kept for longer than a second, over all loops, and none for longer than 90 s.
/// The second lets a burst of answers be followed by a burst of requests without new connections. Used on its
/// event loop only.
final class IdleConnections extends Deadlines.Watched {

    static final int MAX_KEPT = 25;

    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Deadlines deadlines;
    private final AtomicInteger idleInAllLoops;
    private final ArrayDeque<UpstreamConnection> connections = new ArrayDeque<>();

    IdleConnections(Deadlines deadlines, AtomicInteger idleInAllLoops) {
        this.deadlines = deadlines;
        this.idleInAllLoops = idleInAllLoops;
    }

    /// The connection used last, or null.
    @Nullable
    UpstreamConnection take() {
        UpstreamConnection connection = connections.pollLast();
        if (connection != null) {
            counted(-1);
        }
        return connection;
    }

    void put(UpstreamConnection connection) {
        connections.addLast(connection);
        counted(1);
    }

    /// The connection was closed while it waited.
    void remove(UpstreamConnection connection) {
        if (connections.remove(connection)) {
            counted(-1);
        }
    }

    void closeAll() {
        while (!connections.isEmpty()) {
            closeOldest();
        }
    }

    private void counted(int change) {
        idleInAllLoops.addAndGet(change);
        if (connections.isEmpty()) {
            deadlines.unwatch(this);
        } else {
            deadlines.watch(this);
        }
    }

    @Override
    void checkDeadline(long now) {
        while (!connections.isEmpty() && tooOld(now - connections.getFirst().idleSince())) {
            closeOldest();
        }
    }

    private boolean tooOld(long idleNanos) {
        return idleNanos > MAX_IDLE_NANOS || (idleNanos > BURST_NANOS && idleInAllLoops.get() > MAX_KEPT);
    }

    private void closeOldest() {
        UpstreamConnection oldest = connections.removeFirst();
        counted(-1);
        oldest.close();
    }
}
