package dev.olla.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/// Opens connections: finds the addresses, tries one after the other, and secures what is to be secured.
final class UpstreamConnector {

    private static final Duration LEAST_SHARE = Duration.ofSeconds(2);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /// Netty's own smallest read, 64 bytes, would cut most events in two.
    private static final AdaptiveRecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(2 * 1024, 4 * 1024, 64 * 1024);

    private final EventLoops loops;
    private final UpstreamTls tls;
    private final UpstreamClient client;
    private final HostResolver resolver;
    private volatile int keepAliveSeconds;

    UpstreamConnector(
            EventLoops loops, UpstreamTls tls, Duration keepAlive, HostResolver resolver, UpstreamClient client) {
        keepAlive(keepAlive);
        this.loops = loops;
        this.tls = tls;
        this.resolver = resolver;
        this.client = client;
    }

    /// Holds for the connections that are opened from now on.
    void keepAlive(Duration silence) {
        keepAliveSeconds = Math.clamp(silence.toSeconds(), 1, 32_767);
    }

    void connect(UpstreamExchange exchange) {
        Origin origin = exchange.request().origin();
        exchange.connecting();
        resolver.resolve(exchange.loop(), origin, addresses -> {
            if (exchange.over()) {
                return;
            }
            if (addresses.isEmpty()) {
                exchange.failed(UpstreamFailure.Kind.UNKNOWN_HOST, "unknown host " + origin.host());
                return;
            }
            connect(exchange, addresses, 0);
        });
    }

    private void connect(UpstreamExchange exchange, List<InetSocketAddress> addresses, int index) {
        UpstreamConnection connection = new UpstreamConnection(
                client, exchange.loop(), exchange.request().origin());
        ChannelFuture connecting =
                bootstrap(exchange, connection, addresses.size() - index).connect(addresses.get(index));
        exchange.connectingOn(connecting.channel());
        connecting.addListener((ChannelFuture done) -> {
            if (exchange.over()) {
                done.channel().close();
            } else if (done.isSuccess()) {
                secure(exchange, connection, done.channel());
            } else if (index + 1 < addresses.size()) {
                connect(exchange, addresses, index + 1);
            } else {
                exchange.failed(ConnectProblem.of(done.cause(), connection.origin()));
            }
        });
    }

    private Bootstrap bootstrap(UpstreamExchange exchange, UpstreamConnection connection, int addressesLeft) {
        Duration timeout = share(exchange.leftToConnect(), addressesLeft);
        return new Bootstrap()
                .group(exchange.loop().eventLoop())
                .channel(loops.clientChannel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()))
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(loops.keepAliveIdle(), keepAliveSeconds)
                .option(loops.keepAliveInterval(), keepAliveSeconds)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(connection);
                    }
                });
    }

    /// An address that doesn't answer leaves time for the others.
    private static Duration share(Duration left, int addresses) {
        Duration share = left.dividedBy(addresses);
        Duration fair = share.compareTo(LEAST_SHARE) < 0 ? LEAST_SHARE : share;
        return fair.compareTo(left) < 0 ? fair : left;
    }

    private void secure(UpstreamExchange exchange, UpstreamConnection connection, Channel channel) {
        UpstreamRequest request = exchange.request();
        exchange.connected();
        if (!request.origin().tls()) {
            exchange.startOn(connection, false);
            return;
        }
        try {
            SslHandler handler = tls.handler(
                    channel, request.origin(), request.timeouts().tlsHandshake(), client.mayShare(exchange));
            channel.pipeline().addFirst(handler);
            handler.handshakeFuture().addListener(done -> {
                if (exchange.over()) {
                    channel.close();
                } else if (!done.isSuccess()) {
                    channel.close();
                    exchange.failed(ConnectProblem.ofHandshake(done.cause(), request.origin()));
                } else if (UpstreamTls.choseHttp2(handler)) {
                    channel.pipeline().remove(connection);
                    client.share(exchange, channel);
                } else {
                    exchange.startOn(connection, false);
                }
            });
        } catch (SSLException e) {
            channel.close();
            exchange.failed(ConnectProblem.ofHandshake(e, request.origin()));
        }
    }
}
