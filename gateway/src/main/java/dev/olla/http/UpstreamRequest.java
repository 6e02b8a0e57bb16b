package dev.olla.http;

import org.jspecify.annotations.Nullable;

/// One request to one server.
///
/// @param target in origin form, percent-encoded
/// @param headers without `Host` and framing fields, which the client writes itself
/// @param body shared, not owned: the caller keeps it alive until the call is over
/// @param feed in place of the body; null for a body that is there
public record UpstreamRequest(
        Origin origin,
        String method,
        String target,
        Headers headers,
        Body body,
        UpstreamTimeouts timeouts,
        @Nullable BodyFeed feed) {

    /// With a body that is there.
    public UpstreamRequest(
            Origin origin, String method, String target, Headers headers, Body body, UpstreamTimeouts timeouts) {
        this(origin, method, target, headers, body, timeouts, null);
    }
}
