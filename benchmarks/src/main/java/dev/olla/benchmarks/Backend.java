package dev.olla.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// The inference server that is not one: a cheap backend for load runs, on 127.0.0.1.
///
/// Answers `GET /health` and `GET /v1/models`; answers a POST with 1 KiB of JSON, or with a paced
/// stream of events when the first KiB of its body has `"stream":true` in it.
final class Backend implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final int MAX_CHUNK_BYTES = 65_536;

    private final EventLoopGroup eventLoops;
    private final Channel server;

    private Backend(EventLoopGroup eventLoops, Channel server) {
        this.eventLoops = eventLoops;
        this.server = server;
    }

    static Backend start(int threads) {
        Transport transport = Transport.best();
        EventLoopGroup eventLoops = transport.eventLoops(threads);
        Channel server = new ServerBootstrap()
                .group(eventLoops)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Connections())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        return new Backend(eventLoops, server);
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// Runs a backend that prints its port, and ends when its standard input does, so that it never
    /// outlives the program that started it.
    static void main(String[] arguments) throws IOException {
        try (Backend backend = start(Integer.parseInt(arguments[0]))) {
            IO.println(backend.port());
            while (System.in.read() >= 0) {
                // Nothing is ever written to it.
            }
        }
    }

    private static final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            HttpDecoderConfig limits = new HttpDecoderConfig()
                    .setMaxChunkSize(MAX_CHUNK_BYTES)
                    .setChunkedSupported(true)
                    .setValidateHeaders(false);
            channel.pipeline().addLast(new HttpRequestDecoder(limits), new BackendHandler());
        }
    }
}
