package dev.olla.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A column of a report: what it shows of a measurement, and whether beside it stands the ratio to nginx.
record Column(String title, int decimals, boolean compared, ToDoubleFunction<Measurement> value) {

    private static final List<Column> REQUESTS = List.of(
            new Column(
                    "requests/s",
                    0,
                    true,
                    round -> round.load().answers() / round.load().seconds()),
            new Column("p50 ms", 2, false, round -> round.load().latency().p50()),
            new Column("p99 ms", 2, true, round -> round.load().latency().p99()),
            new Column("CPU µs/request", 1, true, Measurement::cpuMicrosPerAnswer),
            new Column("RSS MiB", 0, false, Measurement::residentMib));

    private static final List<Column> STREAMS = List.of(
            new Column(
                    "events/s",
                    0,
                    true,
                    round -> round.load().events() / round.load().seconds()),
            new Column(
                    "first event p50 ms",
                    2,
                    false,
                    round -> round.load().firstEvent().p50()),
            new Column(
                    "first event p99 ms",
                    2,
                    false,
                    round -> round.load().firstEvent().p99()),
            new Column(
                    "event delay p50 ms",
                    2,
                    false,
                    round -> round.load().eventDelay().p50()),
            new Column(
                    "event delay p99 ms",
                    2,
                    false,
                    round -> round.load().eventDelay().p99()),
            new Column("CPU µs/event", 1, true, Measurement::cpuMicrosPerEvent),
            new Column("RSS MiB", 0, false, Measurement::residentMib));

    /// What is worth showing of a load.
    static List<Column> of(Load load) {
        return switch (load) {
            case Load.Requests requests -> REQUESTS;
            case Load.PacedStreams streams -> STREAMS;
        };
    }

    /// The median of the rounds; NaN when the value does not apply.
    double median(List<Measurement> rounds) {
        double[] sorted = sorted(rounds);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    List<String> titles() {
        return compared ? List.of(title, "× nginx") : List.of(title);
    }

    /// @param yardstick the rounds of nginx; empty when it did not take part
    List<String> cells(List<Measurement> rounds, List<Measurement> yardstick) {
        List<String> cells = new ArrayList<>();
        double median = median(rounds);
        double[] sorted = sorted(rounds);
        cells.add(
                Double.isNaN(median)
                        ? "–"
                        : "%s (%s–%s)".formatted(number(median), number(sorted[0]), number(sorted[sorted.length - 1])));
        if (compared) {
            double ratio = yardstick.isEmpty() ? Double.NaN : median / median(yardstick);
            cells.add(Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "–");
        }
        return cells;
    }

    private double[] sorted(List<Measurement> rounds) {
        double[] values = rounds.stream().mapToDouble(value).toArray();
        Arrays.sort(values);
        return values;
    }

    private String number(double shown) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", shown);
    }
}
