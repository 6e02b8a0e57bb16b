package dev.olla.http;

/// One request to one server.
///
/// @param target in origin form, percent-encoded
/// @param headers without `Host` and framing fields, which the client writes itself
/// @param body shared, not owned: the caller keeps it alive until the call is over
public record UpstreamRequest(
        Origin origin, String method, String target, Headers headers, Body body, UpstreamTimeouts timeouts) {}
