package dev.olla.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Puts one load through every contender in turn, round after round, each round starting with the next one.
final class Comparison {

    private static final Duration WARM_UP_WINDOW = Duration.ofSeconds(1);

    /// How often, how long, and after which warm-up.
    record Plan(int rounds, Timing timing, Duration warmUp) {}

    private final Workspace workspace;
    private final LoadClient client;
    private final Plan plan;
    private final PrintStream progress;

    Comparison(Workspace workspace, LoadClient client, Plan plan, PrintStream progress) {
        this.workspace = workspace;
        this.client = client;
        this.plan = plan;
        this.progress = progress;
    }

    /// Starts the contenders, measures them and ends them.
    ///
    /// @return the measurements of each contender by its name, in the order given
    Map<String, List<Measurement>> run(Load load, List<Contender> contenders, Target backend)
            throws IOException, InterruptedException {
        List<RunningContender> running = new ArrayList<>();
        try {
            for (Contender contender : contenders) {
                running.add(contender.start(workspace, backend));
            }
            for (RunningContender each : running) {
                warmUp(load, each);
            }
            return measure(load, running);
        } finally {
            for (RunningContender each : running) {
                if (each.process() != null) {
                    workspace.end(each.process());
                }
            }
        }
    }

    private void warmUp(Load load, RunningContender contender) throws IOException, InterruptedException {
        contender.awaitReady(workspace);
        Duration time = contender.contender().warmUp(plan.warmUp());
        progress.printf("%s: warming up %s%n", load.name(), contender.name());
        // Many short loads rather than one: opening connections needs to warm up too.
        Timing timing =
                new Timing(plan.timing().leadIn(), WARM_UP_WINDOW, plan.timing().drain());
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            LoadResult result = client.start(contender.target(), load, timing).await();
            if (!result.isClean()) {
                progress.printf("%s: %s while warming up: %s%n", load.name(), contender.name(), result.faults());
            }
        }
    }

    private Map<String, List<Measurement>> measure(Load load, List<RunningContender> contenders)
            throws InterruptedException {
        Map<String, List<Measurement>> measurements = new LinkedHashMap<>();
        contenders.forEach(contender -> measurements.put(contender.name(), new ArrayList<>()));
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < contenders.size(); i++) {
                RunningContender contender = contenders.get((round + i) % contenders.size());
                Measurement measurement = measure(load, contender);
                measurements.getOrDefault(contender.name(), new ArrayList<>()).add(measurement);
                report(load, round, contender, measurement.load());
            }
        }
        return measurements;
    }

    private Measurement measure(Load load, RunningContender contender) throws InterruptedException {
        LoadRun run = client.start(contender.target(), load, plan.timing());
        sleepUntil(run.window().startNanos());
        ProcessUsage before = contender.usage();
        sleepUntil(run.window().endNanos());
        ProcessUsage after = contender.usage();
        return new Measurement(run.await(), after.cpuMicros() - before.cpuMicros(), after.residentKib());
    }

    private void report(Load load, int round, RunningContender contender, LoadResult result) {
        progress.printf(
                "%s: round %d of %d, %s: %,.0f per second%s%n",
                load.name(),
                round + 1,
                plan.rounds(),
                contender.name(),
                Math.max(result.answers(), result.events()) / result.seconds(),
                result.isClean() ? "" : ", faults: " + result.faults());
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }
}
