package dev.olla.http;

import io.netty.buffer.ByteBuf;

/// What carries a call to a server: a connection of its own, or a stream of a shared one. Used on its event loop
/// only.
interface UpstreamCarrier {

    /// Sends the request of the call.
    void start(UpstreamExchange exchange);

    /// Whether more of the answer is read.
    void read(boolean wanted);

    /// Sends bytes of another protocol than HTTP; the buffer passes to the carrier.
    void send(ByteBuf data);

    /// Whether the server takes more bytes now.
    boolean writable();

    /// Ends the call at once; the server is told.
    void close();

    /// Ends the call at once, because the server took too long.
    void giveUp();
}
