package dev.olla.benchmarks;

import java.time.Duration;

/// What is sent, and over how many connections.
sealed interface Load {

    String name();

    int connections();

    /// Sends a body again and again on each of some connections.
    ///
    /// @param interval between two requests of a connection, and what is not answered by then delays the next;
    ///     zero sends the next one as soon as one is answered
    record Requests(String name, int connections, String body, Duration interval) implements Load {}

    /// Reads one stream on each of some connections, an event per interval, from its first to its last.
    record PacedStreams(String name, int connections, Duration interval) implements Load {

        /// How many events fill the time.
        int eventsIn(Duration time) {
            return Math.toIntExact(Math.max(1, time.toNanos() / interval.toNanos()));
        }
    }
}
