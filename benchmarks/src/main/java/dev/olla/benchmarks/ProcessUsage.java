package dev.olla.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a process and its descendants have used: CPU time of all threads since they started, and memory now.
///
/// Read from `/proc`, so zero on systems without one.
record ProcessUsage(long cpuMicros, long residentKib) {

    /// `/proc` counts in hundredths of a second on every Linux there is (USER_HZ).
    private static final long MICROS_PER_TICK = 10_000;

    static ProcessUsage of(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> ofOne(Path.of("/proc", Long.toString(each.pid()))))
                .reduce(new ProcessUsage(0, 0), ProcessUsage::plus);
    }

    private ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(cpuMicros + other.cpuMicros, residentKib + other.residentKib);
    }

    private static ProcessUsage ofOne(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The second field is the command in parentheses and may hold anything; count from behind it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return new ProcessUsage(ticks * MICROS_PER_TICK, residentKib(process));
        } catch (IOException ended) {
            return new ProcessUsage(0, 0);
        }
    }

    private static long residentKib(Path process) throws IOException {
        List<String> status = Files.readAllLines(process.resolve("status"));
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
