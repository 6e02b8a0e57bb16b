package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// The body of a request to a server that is written while it comes; what is written is gone, so that the request
/// can't be sent again.
///
/// Without [#end] the server never sees a whole body. Lives on the event loop of its call.
public final class BodyFeed {

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    private final long length;
    private @Nullable Channel channel;
    private @Nullable Listener listener;
    private Runnable onChange = () -> {};
    private boolean ended;
    private boolean closed;

    /// Hears how the body gets on.
    interface Listener {

        /// A part of the body was handed to the operating system.
        void progressed();

        /// The last byte was handed to the operating system.
        void sent();
    }

    /// @param length in bytes; -1 when it is not known: then the body is chunked
    public BodyFeed(long length) {
        this.length = length;
    }

    /// In bytes; -1 when it is not known.
    long length() {
        return length;
    }

    /// Called when [#writable] or [#closed] changes.
    public void onChange(Runnable action) {
        onChange = action;
    }

    /// Whether the server takes more bytes now; not before its connection stands.
    public boolean writable() {
        return channel != null && !closed && channel.isWritable();
    }

    /// Whether the call is over, so that what is written is dropped.
    public boolean closed() {
        return closed;
    }

    /// The buffer passes to the feed.
    public void write(ByteBuf piece) {
        Channel to = channel;
        if (to == null || closed || ended || !piece.isReadable()) {
            piece.release();
            return;
        }
        if (length < 0) {
            String size = Integer.toHexString(piece.readableBytes());
            to.write(Unpooled.wrappedBuffer(size.getBytes(java.nio.charset.StandardCharsets.US_ASCII), LINE_END));
            to.write(piece);
            piece = Unpooled.wrappedBuffer(LINE_END);
        }
        to.writeAndFlush(piece).addListener(done -> {
            if (done.isSuccess() && listener != null && !closed) {
                listener.progressed();
            }
        });
    }

    /// The body is whole.
    public void end() {
        if (!ended) {
            ended = true;
            finish();
        }
    }

    private void finish() {
        Channel to = channel;
        Listener told = listener;
        if (to == null || told == null || closed) {
            return;
        }
        ByteBuf last = length < 0 ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER;
        to.writeAndFlush(last).addListener(done -> {
            if (done.isSuccess()) {
                told.sent();
            }
        });
    }

    /// The connection stands, and the head is written.
    void attach(Channel to, Listener told) {
        channel = to;
        listener = told;
        if (ended) {
            finish();
        } else {
            onChange.run();
        }
    }

    void writabilityChanged() {
        onChange.run();
    }

    /// Whether all that came was sent, so that it is not the server that is waited for.
    boolean hungry() {
        if (channel == null || ended || closed) {
            return false;
        }
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null || out.totalPendingWriteBytes() == 0;
    }

    /// The call is over, or is never made.
    public void close() {
        if (!closed) {
            closed = true;
            channel = null;
            onChange.run();
        }
    }
}
