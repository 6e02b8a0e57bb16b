package dev.olla.request.stream;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.request.send.UpstreamResponse;

/// An answer on its way to the client.
public sealed interface Delivery permits Relay, Tunnel {

    /// Begins the client's answer and takes the server's.
    ///
    /// @param headers of the client's answer, without framing fields
    /// @param profile `auto`, `streaming` or `standard`
    static Delivery start(
            Exchange exchange, UpstreamResponse response, Headers headers, String profile, RelayListener listener) {
        return response.head().status() == 101
                ? Tunnel.start(exchange, response, headers, listener)
                : Relay.start(exchange, response, headers, profile, listener);
    }

    /// The client left.
    ///
    /// @return the bytes of the body that were relayed
    long abandon();
}
