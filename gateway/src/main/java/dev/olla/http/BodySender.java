package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Sends a body to a server: what is in memory at once, what is in a file at the pace of the connection.
///
/// Lives on the event loop of the connection, and reads files on virtual threads. Holds the body until its end.
final class BodySender {

    private static final int PIECE = 128 * 1024;

    private final Channel channel;
    private final Loop loop;
    private final Body body;
    private final Listener listener;
    private final Iterator<Body.Segment> segments;

    /// Hears on the event loop how it goes; of nothing once the connection is closed.
    interface Listener {

        /// A part of the body was handed to the operating system.
        void progressed();

        /// The last byte was handed to the operating system.
        void sent();

        void bodyUnreadable(IOException cause);
    }

    BodySender(Channel channel, Loop loop, Body body, Listener listener) {
        this.channel = channel;
        this.loop = loop;
        this.body = body.retain();
        this.listener = listener;
        this.segments = body.segments().iterator();
    }

    /// Sends the body after what was written to the channel before.
    ///
    /// @param head the write before, for a body that is empty
    void start(ChannelFuture head) {
        ChannelFuture last = head;
        while (segments.hasNext()) {
            switch (segments.next()) {
                case Body.Held(ByteBuf bytes) -> last = channel.write(bytes.retainedSlice());
                case Body.Filed filed -> {
                    channel.flush();
                    read(filed, 0);
                    return;
                }
            }
        }
        last.addListener(done -> end(done.isSuccess()));
        channel.flush();
    }

    private void end(boolean success) {
        body.release();
        if (success) {
            listener.sent();
        }
    }

    private void read(Body.Filed filed, long from) {
        int count = (int) Math.min(PIECE, filed.length() - from);
        ByteBuf piece = channel.alloc().directBuffer(count, count);
        Thread.ofVirtual().name("olla-body-file").start(() -> {
            IOException failure = null;
            try {
                filed.file().read(piece, filed.offset() + from, count);
            } catch (IOException e) {
                failure = e;
            }
            tell(filed, from, piece, failure);
        });
    }

    private void tell(Body.Filed filed, long from, ByteBuf piece, @Nullable IOException failure) {
        try {
            loop.execute(() -> send(filed, from, piece, failure));
        } catch (RejectedExecutionException _) {
            // the loop has ended meanwhile, and its connections with it
            piece.release();
            body.release();
        }
    }

    private void send(Body.Filed filed, long from, ByteBuf piece, @Nullable IOException failure) {
        if (failure != null) {
            piece.release();
            body.release();
            listener.bodyUnreadable(failure);
            return;
        }
        long next = from + piece.readableBytes();
        ChannelFuture written = channel.writeAndFlush(piece);
        written.addListener(done -> {
            if (!done.isSuccess()) {
                end(false);
                return;
            }
            listener.progressed();
            if (next < filed.length()) {
                read(filed, next);
            } else {
                start(written);
            }
        });
    }
}
