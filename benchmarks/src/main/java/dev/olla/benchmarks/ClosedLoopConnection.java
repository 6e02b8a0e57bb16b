package dev.olla.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Sends the same request again each time it is answered, and at least once.
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel, which is handled there.
final class ClosedLoopConnection extends LoadConnection {

    private final ByteBuf request;
    private final CRC32 checksum = new CRC32();
    private @Nullable ChannelHandlerContext context;
    private long sentNanos;
    private int status;
    private boolean keepAlive;

    /// @param request never released; each sending writes a duplicate of it
    ClosedLoopConnection(LoadRun run, LoadLoop loop, ByteBuf request) {
        super(run, loop);
        this.request = request;
    }

    @Override
    LoadConnection successor() {
        return new ClosedLoopConnection(run(), loop(), request);
    }

    @Override
    void start(ChannelHandlerContext opened) {
        context = opened;
        sendNext(opened, System.nanoTime());
    }

    private void sendNext(ChannelHandlerContext opened, long nowNanos) {
        sentNanos = nowNanos;
        checksum.reset();
        send(opened, request.duplicate());
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
        if (keepAlive && run().isAsking(nowNanos)) {
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
            tally().answer(sentNanos, nowNanos);
        }
    }

    @Override
    void failed(Fault fault) {
        tally().fault(fault);
    }
}
