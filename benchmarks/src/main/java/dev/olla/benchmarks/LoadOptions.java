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
        STEADY,
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
            paramLabel = "NAME",
            split = ",",
            description = "Which of short, steady, streams and large; default: all. short: 1 KiB POST, 1 KiB answer. "
                    + "steady: the same at a fixed rate. "
                    + "streams: paced event streams. large: 400 KiB prompts, with the model named first, then last.")
    private List<Scenario> scenarios = List.of(Scenario.values());

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Seconds measured per round; default: ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections of short and steady; default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests per second of steady; default: ${DEFAULT-VALUE}.")
    private int rate = 3000;

    @Option(
            names = "--large-connections",
            paramLabel = "N",
            description = "Connections of large; default: ${DEFAULT-VALUE}.")
    private int largeConnections = 16;

    @Option(names = "--streams", paramLabel = "N", description = "Concurrent streams; default: ${DEFAULT-VALUE}.")
    private int streams = 1000;

    @Option(
            names = "--interval",
            paramLabel = "N",
            description = "Milliseconds between two events of a stream; default: ${DEFAULT-VALUE}.")
    private int intervalMillis = 40;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "Events per stream; default: as many as fill --seconds. Sets the length of a streams round.")
    private int events;

    /// @throws IllegalArgumentException when a value is out of range
    void validate() {
        requirePositive("--seconds", seconds);
        requirePositive("--connections", connections);
        requirePositive("--rate", rate);
        requirePositive("--large-connections", largeConnections);
        requirePositive("--streams", streams);
        requirePositive("--interval", intervalMillis);
        if (events < 0) {
            throw new IllegalArgumentException("--events must not be negative");
        }
        if (events > 0 && streamTime().compareTo(LEAD_IN) <= 0) {
            throw new IllegalArgumentException(
                    "--events times --interval must be more than the " + LEAD_IN.toMillis() + " ms of the lead-in");
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1");
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
            case STEADY -> Stream.of(steady());
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
        return new Load.Requests("%s, %d connections".formatted(what, connections), connections, body, Duration.ZERO);
    }

    private Load steady() {
        return new Load.Requests(
                "steady: 1 KiB, %d requests/s, %d connections".formatted(rate, connections),
                connections,
                new Prompt(SHORT_BYTES, true, false).toJson(),
                Duration.ofSeconds(connections).dividedBy(rate));
    }
}
