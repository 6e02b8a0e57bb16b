package dev.olla.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks, ten times a second, whether anything of one event loop has run out of time.
///
/// One sweep over all connections is cheaper than a timer for each request; the price is that a limit may be passed
/// by a tenth of a second. Nothing runs while nothing is watched. Used on its event loop only.
final class Deadlines {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private static final long SWEEP_MILLIS = 100;

    private final EventLoop eventLoop;
    private final List<Watched> watched = new ArrayList<>();
    private boolean sweeping;

    Deadlines(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /// Something that may take too long.
    abstract static class Watched {

        private int position = -1;

        /// @param now in [System#nanoTime] terms
        abstract void checkDeadline(long now);
    }

    void watch(Watched item) {
        if (item.position >= 0) {
            return;
        }
        item.position = watched.size();
        watched.add(item);
        if (!sweeping) {
            sweeping = true;
            schedule();
        }
    }

    void unwatch(Watched item) {
        if (item.position < 0) {
            return;
        }
        Watched last = watched.removeLast();
        if (item.position < watched.size()) {
            watched.set(item.position, last);
            last.position = item.position;
        }
        item.position = -1;
    }

    private void schedule() {
        var _ = eventLoop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            checkAll(System.nanoTime());
        } finally {
            sweeping = !watched.isEmpty();
            if (sweeping) {
                schedule();
            }
        }
    }

    private void checkAll(long now) {
        // Backwards: an item may leave the list while it is looked at.
        for (int i = watched.size() - 1; i >= 0; i--) {
            if (i < watched.size()) {
                check(watched.get(i), now);
            }
        }
    }

    /// A fault of one must not end the limits of all.
    private static void check(Watched item, long now) {
        try {
            item.checkDeadline(now);
        } catch (RuntimeException e) {
            LOG.error("Looking after a deadline failed", e);
        }
    }
}
