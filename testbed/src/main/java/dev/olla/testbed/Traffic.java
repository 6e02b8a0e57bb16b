package dev.olla.testbed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What a simulated server remembers of the requests it has seen; safe for any thread.
final class Traffic {

    private static final int KEPT_REQUESTS = 100;
    private static final long KEPT_BYTES = 64L << 20;

    private final Map<String, LongAdder> countsByPath = new ConcurrentHashMap<>();
    private final ArrayDeque<Arrival> latest = new ArrayDeque<>();
    private final LongAdder active = new LongAdder();
    private final LongAdder clientCloses = new LongAdder();
    private volatile long lastClientCloseNanos;
    private long keptBytes;

    void arrived(Arrival arrival) {
        countsByPath.computeIfAbsent(arrival.path(), _ -> new LongAdder()).increment();
        active.increment();
        keep(arrival);
    }

    void ended() {
        active.decrement();
    }

    void clientClosed() {
        lastClientCloseNanos = System.nanoTime();
        clientCloses.increment();
    }

    long count(String path) {
        LongAdder count = countsByPath.get(path);
        return count == null ? 0 : count.sum();
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        countsByPath.forEach((path, count) -> counts.put(path, count.sum()));
        return counts;
    }

    long total() {
        return countsByPath.values().stream().mapToLong(LongAdder::sum).sum();
    }

    int active() {
        return active.intValue();
    }

    long clientCloses() {
        return clientCloses.sum();
    }

    long lastClientCloseNanos() {
        return lastClientCloseNanos;
    }

    List<RecordedRequest> recorded() {
        List<Arrival> copy;
        synchronized (latest) {
            copy = new ArrayList<>(latest);
        }
        return copy.stream().map(Arrival::recorded).toList();
    }

    private void keep(Arrival arrival) {
        synchronized (latest) {
            latest.add(arrival);
            keptBytes += arrival.body().length;
            while (latest.size() > KEPT_REQUESTS || (keptBytes > KEPT_BYTES && latest.size() > 1)) {
                keptBytes -= latest.remove().body().length;
            }
        }
    }
}
