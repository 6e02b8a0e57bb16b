package dev.olla.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Sends the same request again and again: as soon as it is answered, or at fixed times.
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel, which is handled there.
final class RequestConnection extends LoadConnection {

    private final ByteBuf request;
    private final long intervalNanos;
    private final CRC32 checksum = new CRC32();
    private @Nullable ChannelHandlerContext context;
    /// When the request under way was sent, or should have been had the one before been answered in time.
    private long dueNanos;
    private int status;
    private boolean keepAlive;

    /// @param request never released; each sending writes a duplicate of it
    /// @param intervalNanos between two requests; 0 to send the next when one is answered
    RequestConnection(LoadRun run, LoadLoop loop, ByteBuf request, long intervalNanos) {
        super(run, loop);
        this.request = request;
        this.intervalNanos = intervalNanos;
    }

    @Override
    LoadConnection successor() {
        return new RequestConnection(run(), loop(), request, intervalNanos);
    }

    @Override
    void start(ChannelHandlerContext opened) {
        context = opened;
        sendDue(opened, System.nanoTime());
    }

    private void sendNext(ChannelHandlerContext opened, long nowNanos) {
        long next = intervalNanos == 0 ? nowNanos : dueNanos + intervalNanos;
        if (!run().isAsking(next)) {
            opened.close();
        } else if (next - nowNanos <= 0) {
            sendDue(opened, next);
        } else {
            loop().schedule(() -> sendDue(opened, next), next - nowNanos);
        }
    }

    private void sendDue(ChannelHandlerContext opened, long due) {
        if (opened.channel().isActive()) {
            dueNanos = due;
            checksum.reset();
            send(opened, request.duplicate());
        }
    }

    @Override
    public void onHead(int answeredStatus, boolean answeredKeepAlive) {
        status = answeredStatus;
        keepAlive = answeredKeepAlive;
    }

    @Override
    public void onBody(byte[] bytes, int from, int to) {
        checksum.update(bytes, from, to - from);
    }

    @Override
    public void onEnd() {
        ChannelHandlerContext opened = context;
        if (opened == null) {
            return;
        }
        long nowNanos = System.nanoTime();
        if (!endAnswer()) {
            tally().fault(Fault.MALFORMED);
            opened.close();
            return;
        }
        count(nowNanos);
        if (keepAlive) {
            sendNext(opened, nowNanos);
        } else {
            opened.close();
        }
    }

    private void count(long nowNanos) {
        if (status != 200) {
            tally().fault(Fault.NOT_200);
        } else if (checksum.getValue() != BenchProtocol.ANSWER_CHECKSUM) {
            tally().fault(Fault.ALTERED);
        } else {
            tally().answer(dueNanos, nowNanos);
        }
    }

    @Override
    void failed(Fault fault) {
        tally().fault(fault);
    }
}
