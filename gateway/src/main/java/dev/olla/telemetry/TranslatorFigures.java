package dev.olla.telemetry;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The requests of one format so far.
///
/// @param name the client's format
/// @param requests all, whatever became of them
/// @param passthrough those that servers of the same format got
/// @param streaming those that wanted a stream
/// @param noEndpoints those for which there was no server
/// @param cannotPassThrough those that were translated for want of a server of the same format
/// @param meanMillis of the successes
/// @param to how many went to servers of which format
public record TranslatorFigures(
        String name,
        long requests,
        long failures,
        long passthrough,
        long streaming,
        long noEndpoints,
        long cannotPassThrough,
        long meanMillis,
        SortedMap<String, Long> to) {

    public TranslatorFigures {
        to = new TreeMap<>(Map.copyOf(to));
    }

    public long successes() {
        return requests - failures;
    }

    public long translations() {
        return requests - passthrough;
    }
}
