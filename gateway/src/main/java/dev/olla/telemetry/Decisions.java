package dev.olla.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The records of the last requests: a ring of so many, and of 16 MB at most. Safe for all threads, never waits.
///
/// A record is written out when somebody reads it, so that a request pays for keeping its parts only.
public final class Decisions {

    public static final int DEFAULT_MAX_ENTRIES = 1000;

    private static final long MAX_BYTES = 16L * 1024 * 1024;

    private final AtomicReferenceArray<@Nullable Entry> ring;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /// One request.
    ///
    /// @param weight about how many bytes are kept for it
    public record Entry(
            String id,
            @Nullable String model,
            @Nullable String endpoint,
            String outcome,
            int weight,
            Supplier<DecisionRecord> record) {}

    /// @param maxEntries zero keeps none
    public Decisions(int maxEntries) {
        ring = new AtomicReferenceArray<>(maxEntries);
    }

    /// A ring of another size with the youngest of these records.
    public Decisions resized(int maxEntries) {
        if (maxEntries == ring.length()) {
            return this;
        }
        Decisions resized = new Decisions(maxEntries);
        newest(maxEntries, _ -> true).reversed().forEach(resized::add);
        return resized;
    }

    public boolean keepsNone() {
        return ring.length() == 0;
    }

    public void add(Entry entry) {
        if (keepsNone()) {
            return;
        }
        long position = next.getAndIncrement();
        swap(position, entry);
        for (int i = 1; i < ring.length() && bytes.get() > MAX_BYTES; i++) {
            swap(position + i, null); // the oldest follow the youngest
        }
    }

    private void swap(long position, @Nullable Entry entry) {
        Entry before = ring.getAndSet(Math.floorMod(position, ring.length()), entry);
        bytes.addAndGet((entry == null ? 0 : entry.weight()) - (before == null ? 0L : before.weight()));
    }

    /// The youngest that are wanted, youngest first.
    public List<Entry> newest(int limit, Predicate<Entry> wanted) {
        List<Entry> newest = new ArrayList<>();
        long end = next.get();
        for (int i = 1; i <= ring.length() && newest.size() < limit; i++) {
            Entry entry = ring.get(Math.floorMod(end - i, ring.length()));
            if (entry != null && wanted.test(entry)) {
                newest.add(entry);
            }
        }
        return newest;
    }

    /// The youngest of that id; null when none is kept.
    public @Nullable Entry find(String id) {
        List<Entry> found = newest(1, entry -> entry.id().equals(id));
        return found.isEmpty() ? null : found.getFirst();
    }
}
