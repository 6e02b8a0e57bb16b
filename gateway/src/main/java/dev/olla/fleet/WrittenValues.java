package dev.olla.fleet;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The figures of a profile that the user chose: those of a profile file that differ from the built-in ones. Null
/// is a figure that nobody chose.
///
/// @param timeout the longest wait for the first byte of an answer
/// @param detection fields and paths only; empty where nobody chose any
public record WrittenValues(
        @Nullable Duration timeout,
        @Nullable Integer maxConcurrentRequests,
        @Nullable Integer defaultPriority,
        @Nullable List<ConcurrencyLimit> concurrencyLimits,
        DetectionHints detection) {

    public static final WrittenValues NONE = new WrittenValues(null, null, null, null, DetectionHints.NONE);

    public WrittenValues {
        concurrencyLimits = concurrencyLimits == null ? null : List.copyOf(concurrencyLimits);
    }
}
