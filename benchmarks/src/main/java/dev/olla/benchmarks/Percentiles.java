package dev.olla.benchmarks;

import org.HdrHistogram.Histogram;

/// The median and the 99th percentile of a set of times, in milliseconds; NaN when there were none.
record Percentiles(double p50, double p99) {

    static Percentiles of(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return new Percentiles(Double.NaN, Double.NaN);
        }
        return new Percentiles(nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6);
    }
}
