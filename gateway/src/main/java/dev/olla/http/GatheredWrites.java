package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/// What goes out on a connection, gathered so that small pieces leave in one write.
final class GatheredWrites {

    /// In bytes: what is larger is not worth copying.
    static final int SMALL = 8 * 1024;

    private static final int LEAST = 1024;

    private final SocketChannel channel;
    private @Nullable ByteBuf gathered;

    GatheredWrites(SocketChannel channel) {
        this.channel = channel;
    }

    /// The buffer that takes the next small piece, with room for so many bytes.
    ByteBuf room(int count) {
        ByteBuf current = gathered;
        if (current != null && current.writableBytes() >= count) {
            return current;
        }
        writeGathered();
        ByteBuf fresh = channel.alloc().directBuffer(Math.max(count, LEAST));
        gathered = fresh;
        return fresh;
    }

    /// Takes over a large piece.
    void write(ByteBuf large) {
        writeGathered();
        channel.write(large);
    }

    void flush() {
        writeGathered();
        channel.flush();
    }

    private void writeGathered() {
        ByteBuf ready = gathered;
        gathered = null;
        if (ready != null) {
            channel.write(ready);
        }
    }

    void drop() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
