package dev.olla.http;

import java.net.URI;
import java.time.Duration;

/// Fetches small documents for the control plane: probes and model lists.
public interface Fetcher {

    /// Sends one GET and waits for the whole answer; follows up to three redirects on the same host.
    ///
    /// Blocks, so it is called on a virtual thread only.
    ///
    /// @param uri `http` or `https`, with a host
    /// @param tls how the server's certificate is verified
    /// @param headers for this host alone: a redirect to another is not followed
    /// @param timeout for everything: connecting, waiting and reading
    /// @param maxBytes a longer body is a failure of kind `MALFORMED`
    /// @throws InterruptedException when interrupted while waiting; the call is cancelled
    Fetched get(URI uri, TlsSettings tls, Headers headers, Duration timeout, int maxBytes) throws InterruptedException;

    /// Sends one request and has its answer read while it comes, so that a long one takes little memory; follows
    /// redirects as [#get] does.
    ///
    /// Blocks, so it is called on a virtual thread only.
    ///
    /// @param reader called once the head is there, if one comes
    /// @throws InterruptedException when interrupted while waiting; the call is cancelled
    <T> Streamed<T> fetch(FetchRequest request, Streamed.Reader<T> reader) throws InterruptedException;
}
