package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Answers the requests of one backend connection with bytes prepared in advance.
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel, which is handled there.
final class BackendHandler extends ChannelInboundHandlerAdapter {

    private static final int SEARCHED_BYTES = 1024;
    private static final ByteBuf ANSWER = json("200 OK", BenchProtocol.ANSWER);
    private static final ByteBuf HEALTHY = json("200 OK", "{\"status\":\"ok\"}");
    private static final ByteBuf NOT_FOUND = json("404 Not Found", "{}");
    private static final ByteBuf MODELS = json("200 OK", """
            {"object":"list","data":[{"id":"bench-model","object":"model","created":1,"owned_by":"bench"}]}""");

    private final StreamFlag streamFlag = new StreamFlag();
    private @Nullable HttpRequest request;
    private int searched;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest head) {
                request = head;
                searched = 0;
                streamFlag.reset();
            }
            if (message instanceof HttpContent content) {
                search(content.content());
            }
            if (message instanceof LastHttpContent && request != null) {
                answer(context, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void search(ByteBuf body) {
        int count = Math.min(body.readableBytes(), SEARCHED_BYTES - searched);
        if (count > 0 && !streamFlag.isFound()) {
            body.forEachByte(body.readerIndex(), count, streamFlag);
            searched += count;
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest asked) {
        if (HttpMethod.POST.equals(asked.method()) && streamFlag.isFound()) {
            stream(context, asked);
            return;
        }
        ByteBuf answer = HttpMethod.POST.equals(asked.method())
                ? ANSWER
                : switch (asked.uri()) {
                    case "/health" -> HEALTHY;
                    case "/v1/models" -> MODELS;
                    default -> NOT_FOUND;
                };
        context.write(answer.duplicate(), context.voidPromise());
    }

    private static void stream(ChannelHandlerContext context, HttpRequest asked) {
        new PacedStream(
                        context,
                        asked.headers().getInt(BenchProtocol.STREAM_HEADER, 0),
                        asked.headers().getInt(BenchProtocol.EVENTS_HEADER, 100),
                        Duration.ofMillis(asked.headers().getInt(BenchProtocol.INTERVAL_HEADER, 40)))
                .start();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private static ByteBuf json(String status, String body) {
        String answer = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        byte[] bytes = answer.getBytes(US_ASCII);
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
    }
}
