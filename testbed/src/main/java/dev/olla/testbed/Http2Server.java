package dev.olla.testbed;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that speaks HTTP/2 over TLS; each request runs a script on a virtual thread. Who doesn't choose
/// HTTP/2 gets the same short answer to everything over HTTP/1.1.
public final class Http2Server implements AutoCloseable {

    private static final int MAX_HEAD = 256 * 1024;
    private static final int MAX_BODY = 16 << 20;

    private final EventLoops loops = EventLoops.ofThreads(1);
    private final Script script;
    private final int maxStreams;
    private final SslContext tls;
    private final Channel listener;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger mostStreams = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger plainRequests = new AtomicInteger();

    private Http2Server(TestCertificates certificates, int maxStreams, Script script) {
        this.script = script;
        this.maxStreams = maxStreams;
        this.tls = context(certificates);
        this.listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        connections.incrementAndGet();
                        open.add(accepted);
                        accepted.closeFuture().addListener(_ -> open.remove(accepted));
                        accepted.pipeline().addLast(tls.newHandler(accepted.alloc()), new Chosen());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /// What a server does with one request, which is there as a whole.
    @FunctionalInterface
    public interface Script {
        void run(Http2Stream stream) throws IOException, InterruptedException;
    }

    /// Listens on a free port of 127.0.0.1.
    ///
    /// @param maxStreams of one connection at a time; those beyond are refused
    public static Http2Server start(TestCertificates certificates, int maxStreams, Script script) {
        return new Http2Server(certificates, maxStreams, script);
    }

    private static SslContext context(TestCertificates certificates) {
        try {
            return SslContextBuilder.forServer(stream(certificates.certificatePem()), stream(certificates.keyPem()))
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public URI uri() {
        return URI.create("https://localhost:" + port());
    }

    /// Connections accepted so far.
    public int connections() {
        return connections.get();
    }

    /// Connections that stand.
    public int openConnections() {
        return open.size();
    }

    /// Requests that came whole so far.
    public int requests() {
        return requests.get();
    }

    /// Requests that came over HTTP/1.1 so far.
    public int plainRequests() {
        return plainRequests.get();
    }

    /// Streams that are open.
    public int streams() {
        return streams.get();
    }

    /// The most streams that were open at the same time.
    public int mostStreams() {
        return mostStreams.get();
    }

    /// Streams that the client has reset with CANCEL.
    public int cancelled() {
        return cancelled.get();
    }

    /// Tells every client that no further stream is served on its connection; those under way are.
    public void goAway() {
        for (Channel connection : open) {
            connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        }
    }

    /// Closes every connection at once.
    public void cut() {
        open.forEach(Channel::close);
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        loops.close();
    }

    void begun() {
        mostStreams.accumulateAndGet(streams.incrementAndGet(), Math::max);
    }

    void complete(Http2Stream stream) {
        requests.incrementAndGet();
        Thread.startVirtualThread(() -> {
            try {
                script.run(stream);
            } catch (IOException _) {
                // the client left: nothing more to play
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void over(boolean byClient) {
        streams.decrementAndGet();
        if (byClient) {
            cancelled.incrementAndGet();
        }
    }

    /// Answers over HTTP/1.1.
    private final class Plain extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            plainRequests.incrementAndGet();
            byte[] text = "{\"http\":1}".getBytes(StandardCharsets.US_ASCII);
            FullHttpResponse answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(text));
            answer.headers().set("content-type", "application/json").set("content-length", text.length);
            context.writeAndFlush(answer);
        }
    }

    /// Adds the codec once the protocol is agreed upon.
    private final class Chosen extends ApplicationProtocolNegotiationHandler {

        Chosen() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                context.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new Plain());
                return;
            }
            Http2Settings settings = Http2Settings.defaultSettings()
                    .maxConcurrentStreams(maxStreams)
                    .maxHeaderListSize(MAX_HEAD);
            context.pipeline()
                    .addLast(
                            Http2FrameCodecBuilder.forServer()
                                    .initialSettings(settings)
                                    .build(),
                            new Http2MultiplexHandler(new ChannelInitializer<>() {
                                @Override
                                protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Http2Stream(Http2Server.this));
                                }
                            }));
        }
    }
}
