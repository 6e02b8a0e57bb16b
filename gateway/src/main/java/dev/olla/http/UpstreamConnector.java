package dev.olla.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/// Opens connections: finds the addresses, tries one after the other, and secures what is to be secured.
final class UpstreamConnector {

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final EventLoops loops;
    private final UpstreamTls tls;
    private final UpstreamClient client;
    private final int keepAliveSeconds;
    private final HostResolver resolver = new HostResolver();

    UpstreamConnector(EventLoops loops, UpstreamTls tls, UpstreamClient client, Duration keepAlive) {
        this.keepAliveSeconds = Math.clamp(keepAlive.toSeconds(), 1, 32_767);
        this.loops = loops;
        this.tls = tls;
        this.client = client;
    }

    void connect(UpstreamExchange exchange) {
        Origin origin = exchange.request().origin();
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
        ChannelFuture connecting = bootstrap(exchange, connection).connect(addresses.get(index));
        exchange.connecting(connecting.channel());
        connecting.addListener((ChannelFuture done) -> {
            if (exchange.over()) {
                done.channel().close();
            } else if (done.isSuccess()) {
                secure(exchange, connection, done.channel());
            } else if (index + 1 < addresses.size()) {
                connect(exchange, addresses, index + 1);
            } else {
                exchange.failed(connectKind(done.cause()), reason(done.cause(), exchange));
            }
        });
    }

    private Bootstrap bootstrap(UpstreamExchange exchange, UpstreamConnection connection) {
        Duration timeout = exchange.request().timeouts().connect();
        return new Bootstrap()
                .group(exchange.loop().eventLoop())
                .channel(loops.clientChannel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(loops.keepAliveIdle(), keepAliveSeconds)
                .option(loops.keepAliveInterval(), keepAliveSeconds)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(connection);
                    }
                });
    }

    private void secure(UpstreamExchange exchange, UpstreamConnection connection, Channel channel) {
        UpstreamRequest request = exchange.request();
        if (!request.origin().tls()) {
            exchange.startOn(connection, false);
            return;
        }
        try {
            SslHandler handler =
                    tls.handler(channel, request.origin(), request.timeouts().tlsHandshake());
            channel.pipeline().addFirst(handler);
            handler.handshakeFuture().addListener(done -> {
                if (exchange.over()) {
                    channel.close();
                } else if (done.isSuccess()) {
                    exchange.startOn(connection, false);
                } else {
                    channel.close();
                    exchange.failed(tlsKind(done.cause()), reason(done.cause(), exchange));
                }
            });
        } catch (SSLException e) {
            channel.close();
            exchange.failed(UpstreamFailure.Kind.TLS_FAILED, reason(e, exchange));
        }
    }

    private static UpstreamFailure.Kind connectKind(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException _ -> UpstreamFailure.Kind.CONNECT_TIMEOUT;
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") -> UpstreamFailure.Kind.REFUSED;
            default -> UpstreamFailure.Kind.UNREACHABLE;
        };
    }

    private static UpstreamFailure.Kind tlsKind(Throwable cause) {
        return switch (cause) {
            case SslHandshakeTimeoutException _ -> UpstreamFailure.Kind.TLS_TIMEOUT;
            case SSLException _ -> UpstreamFailure.Kind.TLS_FAILED;
            case IOException _ -> UpstreamFailure.Kind.RESET;
            default -> UpstreamFailure.Kind.TLS_FAILED;
        };
    }

    private static String reason(Throwable cause, UpstreamExchange exchange) {
        String origin = exchange.request().origin().toString();
        return switch (cause) {
            case ConnectTimeoutException _ -> "connecting to " + origin + " timed out";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") -> "connection to " + origin + " refused";
            default -> origin + ": " + cause.getMessage();
        };
    }
}
