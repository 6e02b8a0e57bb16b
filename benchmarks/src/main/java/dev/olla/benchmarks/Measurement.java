package dev.olla.benchmarks;

/// What one round of one contender gave: the load's view, and what the contender's processes used meanwhile.
record Measurement(LoadResult load, long cpuMicros, long residentKib) {

    /// NaN where there is no process, or no answer.
    double cpuMicrosPerAnswer() {
        return perUnit(load.answers());
    }

    double cpuMicrosPerEvent() {
        return perUnit(load.events());
    }

    /// NaN where there is no process.
    double residentMib() {
        return residentKib == 0 ? Double.NaN : residentKib / 1024.0;
    }

    private double perUnit(long units) {
        return residentKib == 0 || units == 0 ? Double.NaN : (double) cpuMicros / units;
    }
}
