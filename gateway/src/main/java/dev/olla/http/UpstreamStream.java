package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// One stream of a shared connection: writes one request and reads its answer (RFC 9113 §8.1).
///
/// What is not read while the call is paused waits here, at most [SharedConnection#STREAM_WINDOW] bytes; then the
/// server has to wait. Lives on one event loop.
final class UpstreamStream extends ChannelDuplexHandler implements UpstreamCarrier {

    private final SharedConnection connection;
    private @Nullable Channel channel;
    private @Nullable UpstreamExchange exchange;
    private boolean requestWritten;
    private boolean headArrived;
    private boolean refused;
    private @Nullable Http2Error reset;
    private @Nullable String malformed;
    private long startedAt;

    UpstreamStream(SharedConnection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("no stream");
        }
        return channel;
    }

    @Override
    public void start(UpstreamExchange started) {
        if (channel == null) {
            connection.left();
            started.lost(UpstreamFailure.Kind.CLOSED, connection.origin() + " closed the connection");
            return;
        }
        exchange = started;
        startedAt = System.nanoTime();
        UpstreamRequest request = started.request();
        Body content = request.body();
        boolean hasBody = !content.isEmpty() || content.trailers() != null;
        ChannelFuture head =
                channel().write(new DefaultHttp2HeadersFrame(Http2Fields.of(connection.origin(), request), !hasBody));
        if (!hasBody) {
            head.addListener(done -> written(done.isSuccess()));
            channel().flush();
        } else if (content.isInMemory()) {
            writeHeld(content);
        } else {
            new BodySender(channel(), connection.loop(), content, new Sent()).start(head);
        }
    }

    private void writeHeld(Body content) {
        boolean trailed = content.trailers() != null;
        Iterator<ByteBuf> views = content.views().iterator();
        ChannelFuture last = channel().newSucceededFuture();
        while (views.hasNext()) {
            ByteBuf view = views.next().retain();
            last = channel().write(new DefaultHttp2DataFrame(view, !views.hasNext() && !trailed));
        }
        if (trailed) {
            last = channel().write(end(content));
        }
        last.addListener(done -> written(done.isSuccess()));
        channel().flush();
    }

    /// The frame after the body.
    private static Http2StreamFrame end(Body content) {
        Headers trailers = content.trailers();
        return trailers == null
                ? new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true)
                : new DefaultHttp2HeadersFrame(Http2Fields.of(trailers), true);
    }

    /// What a [BodySender] sends is data.
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
    }

    private void written(boolean success) {
        if (success && exchange != null) {
            requestWritten = true;
            exchange.requestWritten();
        }
    }

    /// How a body gets on that is not in memory.
    private final class Sent implements BodySender.Listener {

        @Override
        public void progressed() {
            if (exchange != null) {
                exchange.requestProgressed();
            }
        }

        @Override
        public void sent() {
            if (exchange != null) {
                channel().writeAndFlush(end(exchange.request().body())).addListener(done -> written(done.isSuccess()));
            }
        }

        @Override
        public void bodyUnreadable(IOException cause) {
            UpstreamExchange current = exchange;
            close();
            if (current != null) {
                current.failed(
                        UpstreamFailure.Kind.CLOSED,
                        "the request's body could not be read back: " + cause.getMessage());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        UpstreamExchange current = exchange;
        if (current == null || current.over()) {
            ReferenceCountUtil.release(message);
            return;
        }
        current.bytesArrived();
        switch (message) {
            case Http2DataFrame data -> data(current, data);
            case Http2HeadersFrame fields -> fields(current, fields);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void data(UpstreamExchange current, Http2DataFrame frame) {
        if (frame.content().isReadable()) {
            current.data(frame.content());
        } else {
            frame.release();
        }
        if (frame.isEndStream()) {
            end(current);
        }
    }

    private void fields(UpstreamExchange current, Http2HeadersFrame frame) {
        try {
            if (headArrived) {
                current.trailers(Http2Fields.regular(frame.headers()));
            } else {
                ResponseHead head = Http2Fields.response(frame.headers());
                if (head.status() < 200) {
                    requireMore(frame);
                    return;
                }
                headArrived = true;
                current.headArrived(head);
            }
            if (frame.isEndStream()) {
                end(current);
            }
        } catch (MalformedMessage e) {
            close();
            current.failed(
                    UpstreamFailure.Kind.MALFORMED,
                    connection.origin() + " sent a malformed answer: " + e.getMessage());
        }
    }

    private static void requireMore(Http2HeadersFrame interim) throws MalformedMessage {
        if (interim.isEndStream()) {
            throw new MalformedMessage("it ends without a final status");
        }
    }

    /// The answer is whole.
    private void end(UpstreamExchange current) {
        exchange = null;
        if (!requestWritten) {
            // The server answers without the rest of the request, which must not wait for it for ever.
            channel().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        channel().close();
        current.ended();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.batchEnded();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case Http2GoAwayFrame _ -> refused = true; // only the streams that it leaves out are told of it
            case Http2ResetFrame frame -> reset(Http2Error.valueOf(frame.errorCode()));
            default -> {}
        }
        ReferenceCountUtil.release(event);
    }

    private void reset(@Nullable Http2Error error) {
        reset = error == null ? Http2Error.PROTOCOL_ERROR : error;
        if (reset == Http2Error.REFUSED_STREAM) {
            refused = true;
            connection.retire();
        } else if (reset == Http2Error.HTTP_1_1_REQUIRED) {
            refused = true;
            connection.refusedForHttp1();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception) {
            malformed = String.valueOf(cause.getMessage());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.left();
        UpstreamExchange current = exchange;
        exchange = null;
        if (current != null) {
            lost(current);
        }
    }

    private void lost(UpstreamExchange current) {
        Origin origin = connection.origin();
        if (malformed != null) {
            current.failed(UpstreamFailure.Kind.MALFORMED, origin + " sent a malformed answer: " + malformed);
        } else if (headArrived) {
            current.failed(
                    UpstreamFailure.Kind.TRUNCATED, origin + " " + what("closed the connection within its answer"));
        } else if (refused) {
            current.refused(origin + " refused the request");
        } else if (connection.wasReset()) {
            current.lost(UpstreamFailure.Kind.RESET, origin + " reset the connection");
        } else {
            current.lost(UpstreamFailure.Kind.CLOSED, origin + " " + what("closed the connection without an answer"));
        }
    }

    private String what(String otherwise) {
        return reset == null ? otherwise : "reset the stream (" + reset + ")";
    }

    @Override
    public void read(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }

    /// Only a connection of its own goes over to another protocol.
    @Override
    public void send(ByteBuf data) {
        data.release();
    }

    @Override
    public boolean writable() {
        return channel().isWritable();
    }

    @Override
    public void close() {
        if (exchange != null) {
            exchange = null;
            connection.cancelled();
            channel().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        channel().close();
    }

    @Override
    public void giveUp() {
        connection.ranOutOfTime(startedAt);
        close();
    }
}
