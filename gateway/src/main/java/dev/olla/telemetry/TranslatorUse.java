package dev.olla.telemetry;

import org.jspecify.annotations.Nullable;

/// How one request of a format came to its answer.
///
/// @param from the client's format
/// @param to the server's; null where none was asked
/// @param translated whether it was put into another format, or would have been
/// @param noEndpoints whether there was no server for it
/// @param failed whether the client got an error, or a part of an answer
/// @param millis from its arrival to its end
public record TranslatorUse(
        String from,
        @Nullable String to,
        boolean translated,
        boolean noEndpoints,
        boolean streaming,
        boolean failed,
        long millis) {}
