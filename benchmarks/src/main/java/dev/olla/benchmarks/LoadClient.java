package dev.olla.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// A load generator: event loops that send requests and check the answers, as cheaply as they can.
final class LoadClient implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int READ_BYTES = 16_384;

    private final List<EventLoopGroup> threads;
    private final Transport transport = Transport.best();

    LoadClient(int threads) {
        this.threads = IntStream.range(0, threads)
                .mapToObj(index -> transport.eventLoops(1))
                .toList();
    }

    /// Starts a load; it ends by itself. One at a time.
    LoadRun start(Target target, Load load, Timing timing) {
        Window window = timing.windowFrom(System.nanoTime());
        List<LoadLoop> loops = threads.stream()
                .map(thread -> new LoadLoop(bootstrap(thread, target), new Tally(window)))
                .toList();
        LoadRun run = new LoadRun(loops, window, timing, load.connections());
        run.open(load, target);
        return run;
    }

    private Bootstrap bootstrap(EventLoopGroup thread, Target target) {
        return new Bootstrap()
                .group(thread)
                .channel(transport.client())
                .remoteAddress(target.host(), target.port())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES));
    }

    @Override
    public void close() {
        threads.forEach(
                thread -> thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly());
    }
}
