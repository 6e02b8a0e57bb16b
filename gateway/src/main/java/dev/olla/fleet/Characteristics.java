package dev.olla.fleet;

import java.time.Duration;

/// The usual figures of a kind of server; whether anybody chose them is told by [WrittenValues].
///
/// @param timeout the longest wait for an answer
/// @param maxConcurrentRequests how many requests a server takes at a time
/// @param defaultPriority of an endpoint that sets none
/// @param streaming whether answers come in pieces
public record Characteristics(Duration timeout, int maxConcurrentRequests, int defaultPriority, boolean streaming) {
    public static final Characteristics DEFAULTS = new Characteristics(Duration.ofMinutes(2), 10, 50, false);
}
