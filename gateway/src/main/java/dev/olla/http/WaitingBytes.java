package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;

/// What a client has sent before its turn; when that is too much, the connection is read no further.
final class WaitingBytes {

    private static final int MOST = 64 * 1024;

    private final SocketChannel channel;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private boolean copy;

    WaitingBytes(SocketChannel channel) {
        this.channel = channel;
    }

    boolean any() {
        return bytes.isReadable();
    }

    /// Takes over the buffer.
    void add(ByteBuf in) {
        if (bytes.isReadable()) {
            append(in);
        } else {
            bytes = in;
            copy = false;
        }
        if (tooMany()) {
            channel.config().setAutoRead(false);
        }
    }

    private boolean tooMany() {
        return bytes.readableBytes() > MOST;
    }

    private void append(ByteBuf in) {
        int count = in.readableBytes();
        if (!copy || bytes.writableBytes() < count) {
            ByteBuf larger = channel.alloc().directBuffer(2 * (bytes.readableBytes() + count));
            larger.writeBytes(bytes);
            bytes.release();
            bytes = larger;
            copy = true;
        }
        bytes.writeBytes(in);
        in.release();
    }

    /// The connection may be read again, unless too much waits already.
    void readOn() {
        channel.config().setAutoRead(!tooMany());
    }

    /// Hands over all of them; the connection is read again.
    ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        channel.config().setAutoRead(true);
        return taken;
    }

    void drop() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }
}
