package dev.olla.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The body of a request that its handler takes as it comes, at the handler's pace; nothing of it is held.
///
/// Not a byte is read from the client before [#deliverTo], nor while it is paused. When the client leaves within
/// the body, that is told by [Exchange#onClientGone] only. Lives on the event loop of its exchange.
public final class IncomingBody {

    private final ClientConnection connection;
    private final BodyDecoder.Framing framing;
    private final BodyDecoder decoder;
    private boolean expected;
    private @Nullable Listener listener;
    private boolean paused;
    private boolean ended;
    private boolean over;

    /// Takes the body; called on the event loop.
    public interface Listener {

        /// The listener owns the buffer and must release it.
        void onPiece(ByteBuf piece);

        /// The body was whole.
        void onEnd();

        /// The body can't be read on, and its request is answered with the reason: the listener only clears up.
        void onBroken();
    }

    /// @param expected whether the client waits for a word before it sends the body
    IncomingBody(ClientConnection connection, BodyDecoder.Framing framing, boolean expected) {
        this.connection = connection;
        this.framing = framing;
        this.decoder = framing.decoder();
        this.expected = expected;
        this.ended = framing.length() == 0;
    }

    /// In bytes; -1 when the client doesn't announce it.
    public long length() {
        return framing.chunked() ? -1 : framing.length();
    }

    /// Names the taker and begins to read, unless paused.
    public void deliverTo(Listener taker) {
        listener = taker;
        if (ended) {
            taker.onEnd();
        } else if (!paused) {
            readOn();
        }
    }

    /// Stops reading from the client: back-pressure for a slow taker.
    public void pause() {
        paused = true;
        if (!ended && !over) {
            connection.pauseBody();
        }
    }

    public void resume() {
        boolean was = paused;
        paused = false;
        if (was && wanted()) {
            readOn();
        }
    }

    private void readOn() {
        if (expected) {
            expected = false;
            connection.sayContinue();
        }
        connection.resumeBody();
    }

    /// Whether the taker takes bytes now.
    boolean wanted() {
        return listener != null && !paused && !ended && !over;
    }

    /// Whether the last byte has been read.
    boolean ended() {
        return ended;
    }

    /// Hands on the next piece.
    ///
    /// @return whether that was the last
    boolean read(ByteBuf in) throws MalformedMessage {
        ByteBuf piece = decoder.next(in);
        Listener taker = listener;
        if (piece != null && (over || taker == null)) {
            piece.release();
        } else if (piece != null && taker != null) {
            taker.onPiece(piece);
        }
        return !over && decoder.ended();
    }

    void end() {
        ended = true;
        if (listener != null && !over) {
            listener.onEnd();
        }
    }

    void fail() {
        boolean untold = !over && !ended;
        over = true;
        if (untold && listener != null) {
            listener.onBroken();
        }
    }

    /// The exchange is over, so that nobody takes the rest.
    void close() {
        over = true;
    }
}
