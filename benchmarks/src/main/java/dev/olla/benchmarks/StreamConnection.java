package dev.olla.benchmarks;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// Asks for one paced stream and reads it to its end.
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel, which is handled there.
final class StreamConnection extends LoadConnection {

    private final String request;
    private final StreamCheck check;
    private final long startNanos = System.nanoTime();
    private @Nullable ChannelHandlerContext context;
    private int status;

    StreamConnection(LoadRun run, LoadLoop loop, String request, StreamCheck check) {
        super(run, loop);
        this.request = request;
        this.check = check;
    }

    @Override
    @Nullable
    LoadConnection successor() {
        return null;
    }

    @Override
    void start(ChannelHandlerContext opened) {
        context = opened;
        send(opened, ByteBufUtil.writeAscii(opened.alloc(), request));
    }

    @Override
    public void onHead(int answeredStatus, boolean keepAlive) {
        status = answeredStatus;
    }

    @Override
    public void onBody(byte[] bytes, int from, int to) {
        if (status != 200) {
            return;
        }
        long nowNanos = System.nanoTime();
        boolean first = !check.hasStarted();
        check.accept(bytes, from, to, nowNanos);
        if (first && check.hasStarted()) {
            tally().firstEvent(startNanos, nowNanos);
        }
    }

    @Override
    public void onEnd() {
        if (!endAnswer()) {
            tally().fault(Fault.MALFORMED);
        } else if (status != 200) {
            tally().fault(Fault.NOT_200);
        } else {
            check.finish();
        }
        if (context != null) {
            context.close();
        }
    }

    @Override
    void failed(Fault fault) {
        tally().fault(fault);
        if (status == 200) {
            check.finish();
        }
    }
}
