package dev.olla.benchmarks;

import java.time.Duration;

/// What is sent, and over how many connections.
sealed interface Load {

    String name();

    int connections();

    /// Sends the body again as soon as it is answered, on each of some connections.
    record ClosedLoop(String name, int connections, String body) implements Load {}

    /// Reads one stream on each of some connections, an event per interval, from its first to its last.
    record PacedStreams(String name, int connections, Duration interval) implements Load {

        /// How many events fill the time.
        int eventsIn(Duration time) {
            return Math.toIntExact(Math.max(1, time.toNanos() / interval.toNanos()));
        }
    }
}
