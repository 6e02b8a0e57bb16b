package dev.olla.api;

import dev.olla.telemetry.EndpointStatistics;

/// The share of answers that were good; what is under way, and clients that left, count on neither side.
record SuccessRate(long successes, long failures) {

    static SuccessRate of(EndpointStatistics statistics) {
        return new SuccessRate(statistics.successes(), statistics.failures());
    }

    boolean known() {
        return successes + failures > 0;
    }

    /// Whether it is known, and below that many percent.
    boolean below(double percent) {
        return known() && percent() < percent;
    }

    double percent() {
        return 100.0 * successes / (successes + failures);
    }

    String shown() {
        return known() ? HumanFormat.percent(percent()) : "N/A";
    }
}
