package dev.olla.testbed;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One request to an [Http2Server] and its answer.
///
/// What writes waits until the bytes are with the operating system, so it must not be called on an event loop.
public final class Http2Stream extends ChannelInboundHandlerAdapter {

    private final Http2Server server;
    private final Map<String, String> fields = new TreeMap<>();
    private final Map<String, String> trailers = new TreeMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable Channel channel;
    private boolean headRead;
    private boolean reset;

    Http2Stream(Http2Server server) {
        this.server = server;
    }

    /// The fields of the request, pseudo-header fields such as `:path` among them.
    public Map<String, String> fields() {
        return fields;
    }

    public String method() {
        return fields.getOrDefault(":method", "");
    }

    public String path() {
        return fields.getOrDefault(":path", "");
    }

    public Map<String, String> trailers() {
        return trailers;
    }

    public byte[] body() {
        return body.toByteArray();
    }

    /// Sends a head.
    ///
    /// @param namesAndValues in turn, names in lower case
    public void head(int status, String... namesAndValues) throws IOException {
        write(new DefaultHttp2HeadersFrame(headers(status, namesAndValues), false));
    }

    /// Sends a part of the body.
    public void data(String text) throws IOException {
        data(text.getBytes(StandardCharsets.UTF_8));
    }

    public void data(byte[] bytes) throws IOException {
        write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes)));
    }

    /// Ends the answer.
    public void end() throws IOException {
        write(new DefaultHttp2DataFrame(true));
    }

    /// Ends the answer with these fields.
    public void end(String... namesAndValues) throws IOException {
        write(new DefaultHttp2HeadersFrame(headers(0, namesAndValues), true));
    }

    /// Sends a whole answer.
    public void answer(int status, String type, String text) throws IOException {
        head(status, "content-type", type);
        data(text);
        end();
    }

    /// Ends the stream without an answer, or within it; the code is one of RFC 9113 §7, such as `REFUSED_STREAM`.
    public void reset(String code) throws IOException {
        write(new DefaultHttp2ResetFrame(Http2Error.valueOf(code)));
    }

    /// Waits until the client resets the stream or its connection ends.
    public void awaitReset() throws InterruptedException {
        over.await();
    }

    private static Http2Headers headers(int status, String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        if (status > 0) {
            headers.status(Integer.toString(status));
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private void write(Object frame) throws IOException {
        Channel to = channel;
        if (to == null) {
            throw new IOException("no stream");
        }
        ChannelFuture written = to.writeAndFlush(frame);
        written.awaitUninterruptibly();
        if (!written.isSuccess()) {
            throw new IOException(written.cause());
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        server.begun();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame frame -> {
                    Map<String, String> to = headRead ? trailers : fields;
                    headRead = true;
                    frame.headers()
                            .forEach(field -> to.merge(
                                    field.getKey().toString(), field.getValue().toString(), (a, b) -> a + ", " + b));
                    endIf(frame.isEndStream());
                }
                case Http2DataFrame frame -> {
                    byte[] bytes = new byte[frame.content().readableBytes()];
                    frame.content().readBytes(bytes);
                    body.writeBytes(bytes);
                    endIf(frame.isEndStream());
                }
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void endIf(boolean end) {
        if (end) {
            server.complete(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        reset |= event instanceof Http2ResetFrame frame && frame.errorCode() == Http2Error.CANCEL.code();
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        server.over(reset);
        over.countDown();
    }
}
