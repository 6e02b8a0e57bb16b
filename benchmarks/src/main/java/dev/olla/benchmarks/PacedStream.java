package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// One chunked answer of the backend: an event at once, then one per interval, each written and flushed alone.
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel, which is handled there.
final class PacedStream implements Runnable {

    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            Transfer-Encoding: chunked\r
            \r
            """;
    private static final byte[] CHUNK_HEAD = (Integer.toHexString(PacedEvent.LENGTH) + "\r\n").getBytes(US_ASCII);
    private static final byte[] CHUNK_END = "\r\n".getBytes(US_ASCII);
    private static final String TAIL =
            Integer.toHexString(PacedEvent.DONE.length()) + "\r\n" + PacedEvent.DONE + "\r\n0\r\n\r\n";

    private final ChannelHandlerContext context;
    private final int stream;
    private final int events;
    private final long intervalNanos;
    private final long startNanos = System.nanoTime();
    private int next;

    PacedStream(ChannelHandlerContext context, int stream, int events, Duration interval) {
        this.context = context;
        this.stream = stream;
        this.events = events;
        this.intervalNanos = interval.toNanos();
    }

    void start() {
        context.write(ByteBufUtil.writeAscii(context.alloc(), HEAD), context.voidPromise());
        run();
    }

    /// Writes the next event; on the event loop of the connection.
    @Override
    public void run() {
        if (!context.channel().isActive()) {
            return;
        }
        if (next == events) {
            context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), TAIL), context.voidPromise());
            return;
        }
        context.writeAndFlush(chunk(), context.voidPromise());
        next++;
        long delay = startNanos + next * intervalNanos - System.nanoTime();
        context.executor().schedule(this, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private ByteBuf chunk() {
        byte[] event = new PacedEvent(stream, next, System.nanoTime()).toBytes();
        return context.alloc()
                .ioBuffer(CHUNK_HEAD.length + event.length + CHUNK_END.length)
                .writeBytes(CHUNK_HEAD)
                .writeBytes(event)
                .writeBytes(CHUNK_END);
    }
}
