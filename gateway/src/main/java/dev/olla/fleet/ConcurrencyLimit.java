package dev.olla.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many requests a server takes at a time for models from one size on.
///
/// @param minMemoryGb of a model, in GB of 10⁹ bytes
public record ConcurrencyLimit(double minMemoryGb, int maxConcurrent) {

    /// The row with the largest `minMemoryGb` that the model reaches, in whatever order they are; null if none.
    public static @Nullable ConcurrencyLimit of(List<ConcurrencyLimit> limits, double memoryGb) {
        ConcurrencyLimit found = null;
        for (ConcurrencyLimit limit : limits) {
            if (limit.minMemoryGb <= memoryGb && (found == null || limit.minMemoryGb > found.minMemoryGb)) {
                found = limit;
            }
        }
        return found;
    }
}
