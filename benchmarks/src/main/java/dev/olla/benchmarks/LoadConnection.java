package dev.olla.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// One connection of a load: reads answers, and makes sure that a failed one is counted exactly once.
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel, which is handled there.
abstract class LoadConnection extends ChannelInboundHandlerAdapter implements AnswerParser.Listener {

    private final LoadRun run;
    private final LoadLoop loop;
    private final AnswerParser parser = new AnswerParser(this);
    private boolean awaitingAnswer;

    LoadConnection(LoadRun run, LoadLoop loop) {
        this.run = run;
        this.loop = loop;
    }

    /// What takes over when this connection has ended and the load has not; null for nothing.
    abstract @Nullable LoadConnection successor();

    /// The connection is open: send the first request.
    abstract void start(ChannelHandlerContext context);

    /// The awaited answer will not come, or not whole.
    abstract void failed(Fault fault);

    final Tally tally() {
        return loop.tally();
    }

    final LoadRun run() {
        return run;
    }

    final LoadLoop loop() {
        return loop;
    }

    final void send(ChannelHandlerContext context, ByteBuf request) {
        awaitingAnswer = true;
        context.writeAndFlush(request, context.voidPromise());
    }

    /// Marks the end of the awaited answer; false when none was awaited.
    final boolean endAnswer() {
        boolean awaited = awaitingAnswer;
        awaitingAnswer = false;
        return awaited;
    }

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        run.opened(context.channel());
        start(context);
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (context.channel().isActive()) {
                loop.read(bytes, parser);
            }
        } catch (AnswerParser.MalformedAnswerException malformed) {
            fail(Fault.MALFORMED);
            context.close();
        } finally {
            bytes.release();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        parser.close();
        fail(run.endedEarly());
        run.ended(loop, this);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void fail(Fault fault) {
        if (endAnswer()) {
            failed(fault);
        }
    }
}
