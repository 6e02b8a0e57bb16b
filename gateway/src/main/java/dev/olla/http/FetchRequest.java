package dev.olla.http;

import java.net.URI;
import java.time.Duration;

/// One request of the control plane.
///
/// @param uri `http` or `https`, with a host
/// @param tls how the server's certificate is verified
/// @param headers for this host alone: a redirect to another is not followed
/// @param body empty for GET
/// @param timeout for everything: connecting, waiting and reading
/// @param maxBytes a longer answer is a failure of kind `MALFORMED`
public record FetchRequest(
        String method, URI uri, TlsSettings tls, Headers headers, Body body, Duration timeout, int maxBytes) {

    public static FetchRequest get(URI uri, TlsSettings tls, Headers headers, Duration timeout, int maxBytes) {
        return new FetchRequest("GET", uri, tls, headers, Body.empty(), timeout, maxBytes);
    }

    FetchRequest to(URI target, Duration left) {
        return new FetchRequest(method, target, tls, headers, body, left, maxBytes);
    }
}
