package dev.olla.http;

import java.time.Duration;

/// Fetches small documents for the control plane: probes and model lists.
public interface Fetcher {

    /// Sends one request and waits for the whole answer; follows redirects as [#fetch] does.
    ///
    /// Blocks, so it is called on a virtual thread only.
    ///
    /// @throws InterruptedException when interrupted while waiting; the call is cancelled
    default Fetched whole(FetchRequest request) throws InterruptedException {
        return switch (fetch(request, (_, answer) -> answer.readAllBytes())) {
            case Streamed.Answer<byte[]>(int status, Headers headers, byte[] bytes, Duration took) ->
                new Fetched.Answer(status, headers, Body.of(bytes), took);
            case Streamed.Failed<byte[]>(UpstreamFailure failure) -> new Fetched.Failed(failure);
        };
    }

    /// Sends one request and has its answer read while it comes, so that a long one takes little memory; follows
    /// up to three redirects on the same host.
    ///
    /// Blocks, so it is called on a virtual thread only.
    ///
    /// @param reader called once the head is there, if one comes
    /// @throws InterruptedException when interrupted while waiting; the call is cancelled
    <T> Streamed<T> fetch(FetchRequest request, Streamed.Reader<T> reader) throws InterruptedException;
}
