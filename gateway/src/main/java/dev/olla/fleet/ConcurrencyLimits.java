package dev.olla.fleet;

import java.util.List;

/// How many inference requests may run on an endpoint at once, as somebody wrote it.
///
/// @param most whatever the model; 0 where nothing is written
/// @param rows by the memory that the model takes; empty where nothing is written
public record ConcurrencyLimits(int most, List<Row> rows) {

    public static final ConcurrencyLimits NONE = new ConcurrencyLimits(0, List.of());

    private static final double BYTES_PER_GIGABYTE = 1e9;

    /// @param maxConcurrent for models that take at least so much memory, in units of 10⁹ bytes
    public record Row(double minMemoryGb, int maxConcurrent) {}

    public ConcurrencyLimits {
        rows = List.copyOf(rows);
    }

    public boolean written() {
        return most > 0 || !rows.isEmpty();
    }

    /// The limit for a model of that size: by the row with the largest memory that the model reaches, and never
    /// above the limit for all.
    ///
    /// @return 0 means no limit
    public int forBytes(long size) {
        double memory = size / BYTES_PER_GIGABYTE;
        Row best = null;
        for (Row row : rows) {
            if (row.minMemoryGb() <= memory && (best == null || row.minMemoryGb() > best.minMemoryGb())) {
                best = row;
            }
        }
        return best == null ? most : smaller(best.maxConcurrent());
    }

    /// The most that may run there of any model; 0 means no limit.
    public int largest() {
        int largest = 0;
        for (Row row : rows) {
            largest = Math.max(largest, row.maxConcurrent());
        }
        return largest == 0 ? most : smaller(largest);
    }

    private int smaller(int other) {
        return most == 0 ? other : Math.min(most, other);
    }
}
