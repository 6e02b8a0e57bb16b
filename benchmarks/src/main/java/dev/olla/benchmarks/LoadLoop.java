package dev.olla.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/// One event loop of the load client with what its connections share; used by its thread alone.
@SuppressWarnings("FutureReturnValueIgnored") // Tasks of a loop that ends need not run.
final class LoadLoop {

    private final Bootstrap bootstrap;
    private final Tally tally;
    private final byte[] scratch = new byte[16_384];

    LoadLoop(Bootstrap bootstrap, Tally tally) {
        this.bootstrap = bootstrap;
        this.tally = tally;
    }

    Tally tally() {
        return tally;
    }

    Bootstrap bootstrap() {
        return bootstrap.clone();
    }

    void schedule(Runnable task, long delayNanos) {
        bootstrap.config().group().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    /// Hands the bytes to a parser by way of an array, which is cheaper to walk than a buffer.
    void read(ByteBuf bytes, AnswerParser parser) throws AnswerParser.MalformedAnswerException {
        while (bytes.isReadable()) {
            int count = Math.min(bytes.readableBytes(), scratch.length);
            bytes.readBytes(scratch, 0, count);
            parser.feed(scratch, 0, count);
        }
    }
}
