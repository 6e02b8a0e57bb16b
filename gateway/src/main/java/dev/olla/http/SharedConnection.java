package dev.olla.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection to a server (RFC 9113), on which the calls of one event loop are streams.
///
/// It retires, that is takes no new call and is closed after the last one, when the server goes away or refuses a
/// stream, when it was silent while a call ran out of time, and after many cancelled calls: servers cut connections
/// on which too many streams are reset, and the streams of others with them. Lives on one event loop.
final class SharedConnection extends Deadlines.Watched {

    /// Of one call what its client does not take is bounded by this, in bytes, and so that of a connection is.
    static final int STREAM_WINDOW = 65_535;

    private static final int MAX_STREAMS = 100;
    private static final int MAX_CANCELLED = 64;
    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final UpstreamClient client;
    private final Loop loop;
    private final Origin origin;
    private final Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
            .initialSettings(Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(UpstreamConnection.MAX_HEAD))
            .build();
    private @Nullable Channel channel;
    private boolean settingsCame;
    private boolean retired;
    private boolean reset;
    private boolean used;
    private int streams;
    private int cancelled;
    private long lastReadAt;
    private long idleSince;

    SharedConnection(UpstreamClient client, Loop loop, Origin origin) {
        this.client = client;
        this.loop = loop;
        this.origin = origin;
    }

    Loop loop() {
        return loop;
    }

    Origin origin() {
        return origin;
    }

    /// Whether the connection ended by a fault of the network.
    boolean wasReset() {
        return reset;
    }

    /// Begins to speak HTTP/2 on a connection whose TLS session stands.
    void speakOn(Channel secured) {
        channel = secured;
        // A frame that can't be written is lost, and with it the state of the connection.
        secured.config().setAutoClose(true);
        secured.pipeline().addLast(codec, new Http2MultiplexHandler(new Refuser()), new Tail());
        idleSince = System.nanoTime();
        loop.deadlines().watch(this);
    }

    /// Until the server has told how many streams it takes, it is one.
    boolean hasRoom() {
        return !retired
                && streams < (settingsCame ? MAX_STREAMS : 1)
                && codec.connection().local().canOpenStream()
                && channel().isActive();
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    void start(UpstreamExchange exchange) {
        // Only one that waited unused may have been closing already when the request met it.
        boolean waited = used && streams == 0;
        used = true;
        streams++;
        UpstreamStream stream = new UpstreamStream(this);
        var _ = new Http2StreamChannelBootstrap(channel()).handler(stream).open();
        exchange.startOn(stream, waited);
    }

    /// A stream is over.
    void left() {
        streams--;
        if (streams == 0) {
            idleSince = System.nanoTime();
            closeIfDone();
        }
    }

    void cancelled() {
        if (++cancelled >= MAX_CANCELLED) {
            retire();
        }
    }

    /// A call ran out of time that was sent then, in nanoseconds.
    void ranOutOfTime(long sentAt) {
        if (lastReadAt - sentAt < 0) {
            retire();
        }
    }

    void refusedForHttp1() {
        client.useHttp1(origin);
        retire();
    }

    /// Takes no new call, and closes after the last.
    void retire() {
        if (!retired) {
            retired = true;
            SharedConnections shared = loop.sharedConnections().get(origin);
            if (shared != null && shared.remove(this)) {
                loop.sharedConnections().remove(origin);
            }
            closeIfDone();
        }
    }

    private void closeIfDone() {
        if (streams == 0 && (retired || !client.keeps(origin))) {
            channel().close();
        }
    }

    @Override
    void checkDeadline(long now) {
        if (streams == 0 && now - idleSince > MAX_IDLE_NANOS) {
            retire();
        }
    }

    /// What concerns the connection as a whole.
    private final class Tail extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            settingsCame |= message instanceof Http2SettingsFrame;
            if (message instanceof Http2GoAwayFrame) {
                retire();
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            lastReadAt = System.nanoTime();
        }

        /// Room for every stream: one that waits for its client must not stop the others.
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
                context.writeAndFlush(new DefaultHttp2WindowUpdateFrame((MAX_STREAMS - 1) * STREAM_WINDOW));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            reset = true;
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            loop.deadlines().unwatch(SharedConnection.this);
            retire();
        }
    }

    /// Servers were told not to push.
    private static final class Refuser extends ChannelInboundHandlerAdapter {

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.close();
        }
    }
}
