package dev.olla.telemetry;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The mean of all values so far. Safe for all threads.
public final class Mean {

    private final DoubleAdder sum = new DoubleAdder();
    private final LongAdder count = new LongAdder();

    /// Null is no value.
    public void add(@Nullable Number value) {
        if (value != null) {
            sum.add(value.doubleValue());
            count.increment();
        }
    }

    /// Null without any value.
    public @Nullable Double value() {
        long values = count.sum();
        return values == 0 ? null : sum.sum() / values;
    }

    /// To the nearest whole number; null without any value.
    public @Nullable Long rounded() {
        Double mean = value();
        return mean == null ? null : Long.valueOf(Math.round(mean));
    }
}
