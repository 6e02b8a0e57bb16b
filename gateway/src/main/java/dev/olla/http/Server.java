package dev.olla.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Listens for clients and hands their requests to a handler.
public final class Server implements AutoCloseable {

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    /// How long a connection may take to close.
    private static final Duration CUT = Duration.ofSeconds(1);

    private volatile ServerSettings settings;
    private final EventLoops loops;
    private final RequestHandler handler;
    private final BodyMemory memory;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Channel listener;
    private volatile boolean stopping;

    private Server(ServerSettings settings, EventLoops loops, BodyMemory memory, RequestHandler handler)
            throws IOException {
        this.settings = settings;
        this.loops = loops;
        this.memory = memory;
        this.handler = handler;
        this.listener = bind();
    }

    /// Opens the port; what an earlier process left in the folder for temporary files goes.
    ///
    /// @throws IOException when the address can't be bound, with a message that names it
    public static Server start(ServerSettings settings, EventLoops loops, RequestHandler handler) throws IOException {
        BodyFolder folder = BodyFolder.standard();
        Server server = start(settings, loops, new BodyMemory(settings.bodyMemory(), folder), handler);
        Thread.ofVirtual().name("olla-body-file").start(() -> folder.sweep(Instant.now()));
        return server;
    }

    /// Opens the port.
    ///
    /// @param memory for the bodies of requests
    /// @throws IOException when the address can't be bound, with a message that names it
    static Server start(ServerSettings settings, EventLoops loops, BodyMemory memory, RequestHandler handler)
            throws IOException {
        return new Server(settings, loops, memory, handler);
    }

    private Channel bind() throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason(bound.cause()),
                    bound.cause());
        }
        return bound.channel();
    }

    private InetSocketAddress address() throws IOException {
        try {
            return settings.address();
        } catch (UnknownHostException unknown) {
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": no such host", unknown);
        }
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("Address already in use") ? "address already in use" : message;
    }

    private void accept(SocketChannel channel) {
        ClientConnection connection = new ClientConnection(this, channel, loops.of(channel.eventLoop()));
        connections.add(connection);
        channel.pipeline().addLast(connection);
    }

    /// Takes over other limits and time-outs; where it listens stays as it is.
    public void use(ServerSettings next) {
        settings = next.listeningOn(settings.host(), settings.port());
        memory.resize(next.bodyMemory());
    }

    ServerSettings settings() {
        return settings;
    }

    BodyMemory memory() {
        return memory;
    }

    RequestHandler handler() {
        return handler;
    }

    /// Whether no further requests are wanted.
    public boolean stopping() {
        return stopping;
    }

    void unexpected(Throwable cause) {
        handler.unexpected(cause);
    }

    void closed(ClientConnection connection) {
        connections.remove(connection);
    }

    /// Where the server listens; the real port where the settings say 0.
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /// Runs the action when the port is closed though nobody asked for it, at once if it is by now.
    public void onListenerLost(Runnable action) {
        listener.closeFuture().addListener(_ -> {
            if (!stopping) {
                action.run();
            }
        });
    }

    /// What goes wrong with a listener is for the system to decide; tests do it.
    void loseListener() {
        listener.close().awaitUninterruptibly();
    }

    /// How many clients are connected.
    public int connections() {
        return connections.size();
    }

    /// Stops listening, lets running exchanges end within the limit, then closes what is left.
    ///
    /// @return whether every exchange ended by itself
    /// @throws InterruptedException when interrupted while waiting
    public boolean stop(Duration limit) throws InterruptedException {
        stopping = true;
        listener.close().awaitUninterruptibly();
        connections.forEach(ClientConnection::closeWhenIdle);
        boolean clean = allGoneWithin(limit);
        connections.forEach(ClientConnection::cut);
        // So that what was cut is counted and told before the process ends.
        return allGoneWithin(CUT) && clean;
    }

    private boolean allGoneWithin(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!connections.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return connections.isEmpty();
    }

    @Override
    public void close() {
        stopping = true;
        listener.close().awaitUninterruptibly();
        connections.forEach(ClientConnection::cut);
    }
}
