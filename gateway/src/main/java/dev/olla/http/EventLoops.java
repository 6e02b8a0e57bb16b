package dev.olla.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;

/// The event loops of the process: epoll where its native library loads, else NIO.
public final class EventLoops implements AutoCloseable {

    private final boolean epoll;
    private final EventLoopGroup group;
    private final Map<EventExecutor, Loop> loops = new LinkedHashMap<>();
    private final List<Loop> inOrder;
    private final AtomicInteger next = new AtomicInteger();

    /// @param threads at least 1
    public EventLoops(int threads) {
        epoll = Epoll.isAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("olla-loop", true), factory);
        group.forEach(executor -> loops.put(executor, new Loop((EventLoop) executor)));
        inOrder = List.copyOf(loops.values());
    }

    /// One loop for each processor.
    public static EventLoops perProcessor() {
        return new EventLoops(Runtime.getRuntime().availableProcessors());
    }

    /// `epoll` or `nio`.
    public String transport() {
        return epoll ? "epoll" : "nio";
    }

    EventLoopGroup group() {
        return group;
    }

    boolean epoll() {
        return epoll;
    }

    Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends Channel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /// The seconds of silence before the first probe of a connection that is to be kept alive.
    ChannelOption<Integer> keepAliveIdle() {
        return epoll ? EpollChannelOption.TCP_KEEPIDLE : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
    }

    /// The seconds between two such probes.
    ChannelOption<Integer> keepAliveInterval() {
        return epoll ? EpollChannelOption.TCP_KEEPINTVL : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL);
    }

    Loop of(EventExecutor executor) {
        Loop loop = loops.get(executor);
        if (loop == null) {
            throw new IllegalArgumentException("not one of these event loops");
        }
        return loop;
    }

    /// Every loop.
    List<Loop> all() {
        return inOrder;
    }

    /// A loop for work that belongs to no exchange, in turn.
    public Loop next() {
        return inOrder.get(Math.floorMod(next.getAndIncrement(), inOrder.size()));
    }

    /// Ends the threads; waits at most two seconds for them.
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
