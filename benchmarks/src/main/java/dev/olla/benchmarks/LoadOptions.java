package dev.olla.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// The options that say what load there is.
final class LoadOptions {

    private enum Scenario {
        SHORT,
        STREAMS,
        LARGE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration LEAD_IN = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int SHORT_BYTES = 1024;
    private static final int LARGE_BYTES = 400 * 1024;

    @Option(
            names = "--scenario",
            split = ",",
            description = "Which of short, streams and large; default: all. short: 1 KiB POST, 1 KiB answer. "
                    + "streams: paced event streams. large: 400 KiB prompts, with the model named first, then last.")
    private List<Scenario> scenarios = List.of(Scenario.values());

    @Option(names = "--seconds", description = "Seconds measured per round; default: ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--connections", description = "Connections of short; default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(names = "--large-connections", description = "Connections of large; default: ${DEFAULT-VALUE}.")
    private int largeConnections = 16;

    @Option(names = "--streams", description = "Concurrent streams; default: ${DEFAULT-VALUE}.")
    private int streams = 1000;

    @Option(
            names = "--interval",
            description = "Milliseconds between two events of a stream; default: ${DEFAULT-VALUE}.")
    private int intervalMillis = 40;

    @Option(
            names = "--events",
            description = "Events per stream; default: as many as fill --seconds. Sets the length of a streams round.")
    private int events;

    /// @throws IllegalArgumentException when a value is out of range
    void validate() {
        if (seconds < 1 || connections < 1 || largeConnections < 1 || streams < 1 || intervalMillis < 1 || events < 0) {
            throw new IllegalArgumentException(
                    "--seconds, --connections, --large-connections, --streams and --interval must be at least 1");
        }
        if (events > 0 && streamTime().compareTo(LEAD_IN) <= 0) {
            throw new IllegalArgumentException(
                    "--events times --interval must be more than the " + LEAD_IN.toMillis() + " ms of the lead-in");
        }
    }

    List<Load> toLoads() {
        return scenarios.stream().distinct().flatMap(this::loads).toList();
    }

    Timing timing(Load load) {
        Duration window = load instanceof Load.PacedStreams && events > 0
                ? streamTime().minus(LEAD_IN)
                : Duration.ofSeconds(seconds);
        return new Timing(LEAD_IN, window, DRAIN);
    }

    private Duration streamTime() {
        return Duration.ofMillis(intervalMillis).multipliedBy(events);
    }

    private Stream<Load> loads(Scenario scenario) {
        return switch (scenario) {
            case SHORT -> Stream.of(closedLoop("short: 1 KiB", connections, SHORT_BYTES, true));
            case STREAMS ->
                Stream.of(new Load.PacedStreams(
                        "streams: %d with an event each %d ms".formatted(streams, intervalMillis),
                        streams,
                        Duration.ofMillis(intervalMillis)));
            case LARGE ->
                Stream.of(
                        closedLoop("large: 400 KiB, model first", largeConnections, LARGE_BYTES, true),
                        closedLoop("large: 400 KiB, model last", largeConnections, LARGE_BYTES, false));
        };
    }

    private static Load closedLoop(String what, int connections, int bytes, boolean modelFirst) {
        String body = new Prompt(bytes, modelFirst, false).toJson();
        return new Load.ClosedLoop("%s, %d connections".formatted(what, connections), connections, body);
    }
}
