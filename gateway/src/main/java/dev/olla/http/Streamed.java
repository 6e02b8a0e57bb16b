package dev.olla.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// The outcome of a [Fetcher] call whose answer was read while it came.
public sealed interface Streamed<T> {

    /// A whole answer, whatever its status.
    ///
    /// @param value what the reader made of it
    record Answer<T>(int status, Headers headers, T value, Duration took) implements Streamed<T> {}

    /// No whole answer.
    record Failed<T>(UpstreamFailure failure) implements Streamed<T> {}

    /// Makes something of an answer; what it leaves unread is dropped.
    @FunctionalInterface
    interface Reader<T> {

        /// Called on the thread that fetches; may block on the body.
        ///
        /// @throws IOException when the answer ends before its end: thrown by the body, and passed on
        T read(ResponseHead head, InputStream body) throws IOException;
    }
}
