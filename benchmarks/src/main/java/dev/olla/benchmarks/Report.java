package dev.olla.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Prints the measurements of a load as a Markdown table: medians of the rounds, with least and most.
final class Report {

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void print(Load load, Map<String, List<Measurement>> measurements) {
        List<Column> columns = Column.of(load);
        List<Measurement> yardstick = measurements.getOrDefault(Nginx.NAME, List.of());
        out.printf("%n## %s%n%n", load.name());
        List<String> titles = new ArrayList<>(List.of("contender"));
        columns.forEach(column -> titles.addAll(column.titles()));
        titles.add("faults");
        printRow(titles);
        out.println("|---" + "|---:".repeat(titles.size() - 2) + "|---|");
        measurements.forEach((name, rounds) -> {
            List<String> cells = new ArrayList<>(List.of(name));
            columns.forEach(column -> cells.addAll(column.cells(rounds, yardstick)));
            cells.add(faults(rounds));
            printRow(cells);
        });
    }

    private void printRow(List<String> cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }

    private static String faults(List<Measurement> rounds) {
        Map<Fault, Long> sum = new EnumMap<>(Fault.class);
        rounds.forEach(round -> round.load().faults().forEach((fault, count) -> sum.merge(fault, count, Long::sum)));
        return sum.isEmpty()
                ? "0"
                : sum.entrySet().stream()
                        .map(fault -> fault.getValue() + " " + fault.getKey().label())
                        .collect(Collectors.joining(", "));
    }
}
