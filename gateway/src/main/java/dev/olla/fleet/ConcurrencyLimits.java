package dev.olla.fleet;

import java.util.List;

/// How many inference requests may run on a server at once, as it is written in one place.
///
/// @param most whatever the model; 0 where nothing is written
/// @param rows by the memory that the model takes; empty where nothing is written
/// @param policy which limits hold
public record ConcurrencyLimits(int most, List<ConcurrencyLimit> rows, LimitPolicy policy) {

    public static final ConcurrencyLimits NONE = new ConcurrencyLimits(0, List.of());

    public ConcurrencyLimits {
        rows = List.copyOf(rows);
    }

    /// Under the usual policy.
    public ConcurrencyLimits(int most, List<ConcurrencyLimit> rows) {
        this(most, rows, LimitPolicy.CONFIGURED);
    }

    /// The limit of the row that a model of that size belongs to; 0 where there is none.
    int row(double memoryGb) {
        ConcurrencyLimit row = rows.isEmpty() ? null : ConcurrencyLimit.of(rows, memoryGb);
        return row == null ? 0 : atMost(row.maxConcurrent());
    }

    /// The largest of the rows; 0 where there are none.
    int largestRow() {
        int largest = 0;
        for (ConcurrencyLimit row : rows) {
            largest = Math.max(largest, row.maxConcurrent());
        }
        return atMost(largest);
    }

    /// The smaller of what is written here for all models and another limit; 0 means no limit.
    int atMost(int other) {
        return other == 0 || most == 0 ? other : Math.min(most, other);
    }
}
