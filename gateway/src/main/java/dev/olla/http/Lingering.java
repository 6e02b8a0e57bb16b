package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/// The time between the last answer on a connection and its close, in which what still arrives is dropped.
///
/// A close with unread bytes would reset the connection, and the client might lose the answer (RFC 9112 §9.6).
final class Lingering {

    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration SILENCE_IN_STOP = Duration.ofSeconds(1);
    private static final Duration TOTAL = Duration.ofSeconds(30);
    private static final long MOST_BYTES = 256L * 1024 * 1024;

    private final SocketChannel channel;
    private long since;
    private long lastDroppedAt;
    private long dropped;

    Lingering(SocketChannel channel) {
        this.channel = channel;
    }

    void begin() {
        since = System.nanoTime();
        lastDroppedAt = since;
    }

    void drop(ByteBuf in) {
        lastDroppedAt = System.nanoTime();
        dropped += in.readableBytes();
        in.release();
        if (dropped > MOST_BYTES) {
            channel.close();
        }
    }

    void closeWhenOver(long now, boolean stopping) {
        long silence = (stopping ? SILENCE_IN_STOP : SILENCE).toNanos();
        boolean silent = now - since > silence && now - lastDroppedAt > silence;
        if (silent || now - since > TOTAL.toNanos()) {
            channel.close();
        }
    }
}
