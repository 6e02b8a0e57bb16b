package dev.olla.http;

import java.time.Duration;

/// The outcome of a [Fetcher] call.
public sealed interface Fetched {

    /// A whole answer, whatever its status.
    ///
    /// @param body on the heap, at most as many bytes as the caller allowed; needs no release
    /// @param took from the call to the end of the answer
    record Answer(int status, Headers headers, Body body, Duration took) implements Fetched {}

    /// No whole answer.
    record Failed(UpstreamFailure failure) implements Fetched {}
}
