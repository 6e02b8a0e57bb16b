package dev.olla.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A load under way: opens its connections, and knows when they are done.
@SuppressWarnings("FutureReturnValueIgnored") // A failed connection is seen when it closes.
final class LoadRun {

    private static final Duration PAUSE_BEFORE_RECONNECT = Duration.ofMillis(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final List<LoadLoop> loops;
    private final Window window;
    private final Timing timing;
    private final CountDownLatch underway;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private volatile boolean abandoned;

    LoadRun(List<LoadLoop> loops, Window window, Timing timing, int connections) {
        this.loops = loops;
        this.window = window;
        this.timing = timing;
        this.underway = new CountDownLatch(connections);
    }

    Window window() {
        return window;
    }

    void open(Load load, Target target) {
        switch (load) {
            case Load.Requests requests -> openRequests(requests, target);
            case Load.PacedStreams streams -> openStreams(streams, target);
        }
    }

    private void openRequests(Load.Requests load, Target target) {
        byte[] bytes = target.post("", load.body()).getBytes(StandardCharsets.US_ASCII);
        ByteBuf request =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
        long interval = load.interval().toNanos();
        for (int i = 0; i < load.connections(); i++) {
            LoadLoop loop = loops.get(i % loops.size());
            schedule(loop, i, load.connections(), () -> new RequestConnection(this, loop, request, interval));
        }
    }

    private void openStreams(Load.PacedStreams load, Target target) {
        int events = load.eventsIn(timing.untilWindowEnds());
        String body = new Prompt(1024, true, true).toJson();
        for (int i = 0; i < load.connections(); i++) {
            String headers =
                    BenchProtocol.INTERVAL_HEADER + ": " + load.interval().toMillis() + "\r\n"
                            + BenchProtocol.EVENTS_HEADER + ": " + events + "\r\n"
                            + BenchProtocol.STREAM_HEADER + ": " + i + "\r\n";
            String request = target.post(headers, body);
            int stream = i;
            LoadLoop loop = loops.get(i % loops.size());
            schedule(loop, i, load.connections(), () -> {
                StreamCheck check = new StreamCheck(stream, events, loop.tally());
                return new StreamConnection(this, loop, request, check);
            });
        }
    }

    private void schedule(LoadLoop loop, int index, int of, Supplier<LoadConnection> connection) {
        long delay = timing.leadIn().toNanos() * index / of;
        loop.schedule(() -> connect(loop, connection.get()), delay);
    }

    private void connect(LoadLoop loop, LoadConnection connection) {
        loop.bootstrap().handler(connection).connect().addListener(connected -> {
            if (!connected.isSuccess()) {
                // Without a socket to be had, this would not be the loop's thread.
                loop.schedule(() -> notConnected(loop, connection), 0);
            }
        });
    }

    private void notConnected(LoadLoop loop, LoadConnection connection) {
        loop.tally().fault(Fault.NOT_CONNECTED);
        ended(loop, connection);
    }

    /// A connection has ended, and has told the tally all it had to tell.
    void ended(LoadLoop loop, LoadConnection connection) {
        LoadConnection successor = connection.successor();
        if (successor != null && isAsking(System.nanoTime())) {
            loop.schedule(() -> connect(loop, successor), PAUSE_BEFORE_RECONNECT.toNanos());
        } else {
            underway.countDown();
        }
    }

    void opened(Channel channel) {
        channels.add(channel);
    }

    /// Whether another request should be sent.
    boolean isAsking(long nanos) {
        return nanos - window.endNanos() < 0 && !abandoned;
    }

    /// What it means that a connection ends now, in the middle of an answer.
    Fault endedEarly() {
        return abandoned ? Fault.UNFINISHED : Fault.CLOSED_EARLY;
    }

    /// Waits until every connection is done, or the drain is over and the rest is given up.
    LoadResult await() throws InterruptedException {
        long left = window.endNanos() + timing.drain().toNanos() - System.nanoTime();
        if (!underway.await(left, TimeUnit.NANOSECONDS)) {
            abandoned = true;
            channels.close();
            if (!underway.await(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException(underway.getCount() + " connections would not close");
            }
        }
        Tally sum = new Tally(window);
        loops.forEach(loop -> sum.add(loop.tally()));
        return sum.result();
    }
}
