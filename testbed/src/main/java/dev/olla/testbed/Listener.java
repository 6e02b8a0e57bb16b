package dev.olla.testbed;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// The listening socket of a simulated server, which can be closed and opened again on the same port.
///
/// Its owner calls it from one thread at a time, never from an event loop.
final class Listener {

    private static final int BACKLOG = 16_384;

    private final ServerBootstrap bootstrap;
    private final String host;
    private int port;
    private @Nullable Channel channel;

    Listener(EventLoops loops, SimulatedServer server, @Nullable SslContext tls, InetSocketAddress address) {
        this.host = address.getHostString();
        this.port = address.getPort();
        this.bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Accepted(server, tls));
    }

    int port() {
        return port;
    }

    void open() {
        if (channel != null) {
            return;
        }
        Channel bound = bootstrap.bind(host, port).syncUninterruptibly().channel();
        port = ((InetSocketAddress) bound.localAddress()).getPort();
        channel = bound;
    }

    void close() {
        if (channel != null) {
            channel.close().syncUninterruptibly();
            channel = null;
        }
    }

    /// Sets up the pipeline of an accepted connection.
    private static final class Accepted extends ChannelInitializer<Channel> {

        private final SimulatedServer server;
        private final @Nullable SslContext tls;

        private Accepted(SimulatedServer server, @Nullable SslContext tls) {
            this.server = server;
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel accepted) {
            if (tls != null) {
                accepted.pipeline().addLast(tls.newHandler(accepted.alloc()));
            }
            HttpDecoderConfig limits = new HttpDecoderConfig()
                    .setMaxInitialLineLength(64 << 10)
                    .setMaxHeaderSize(256 << 10)
                    .setMaxChunkSize(64 << 10);
            accepted.pipeline().addLast(new HttpRequestDecoder(limits), new Connection(server));
        }
    }
}
