package dev.olla.http;

import io.netty.buffer.ByteBuf;

/// A call to a server under way; used on its event loop only.
public interface UpstreamCall {

    /// Ends the call and closes its connection at once; does nothing when the call is over.
    void cancel();

    /// Stops reading the answer: back-pressure for a slow client.
    void pause();

    void resume();

    /// Sends bytes of the protocol that the server has gone over to; the buffer passes to the call.
    void send(ByteBuf data);

    /// Whether the server takes more bytes now.
    boolean writable();

    /// The answer turns out to be a stream, which the limit for whole answers doesn't cut.
    void liftTotalLimit();

    /// The client hears already that it is waited for: from now on the silence before the answer may be as long as
    /// one within it, and the answer is taken for a stream.
    void liftHeadLimit();
}
