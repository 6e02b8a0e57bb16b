package dev.olla.testbed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One client connection of a simulated server, with one exchange at a time; pipelined requests wait.
///
/// Lives on its event loop. Answers are written as raw bytes, so that they can be broken in any way.
final class Connection extends ChannelInboundHandlerAdapter {

    private static final int LARGEST_BODY = 128 << 20;
    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));

    private final SimulatedServer server;
    private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable HttpRequest head;
    private @Nullable Exchange exchange;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private @Nullable BlobReceipt blob;
    private boolean beginning;

    Connection(SimulatedServer server) {
        this.server = server;
    }

    Channel channel() {
        return context().channel();
    }

    ChannelFuture write(ByteBuf bytes) {
        return context().writeAndFlush(bytes);
    }

    /// Ends the connection with FIN.
    void close() {
        var _ = channel().close();
    }

    /// The exchange is over: closes, or goes on to a request that is waiting.
    void next(boolean close) {
        exchange = null;
        if (close) {
            waiting.clear();
            close();
            return;
        }
        beginWaiting();
    }

    /// Ends the connection with RST, past a TLS handler that would say goodbye.
    void reset() {
        if (channel().isOpen()) {
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channel().unsafe().close(channel().newPromise());
        }
    }

    /// Resets on behalf of a server that is killed; safe for any thread.
    ChannelFuture kill() {
        Channel channel = channel();
        channel.eventLoop().execute(() -> {
            if (exchange == null) {
                reset();
            } else {
                exchange.breakOff(this::reset);
            }
        });
        return channel.closeFuture();
    }

    /// Closes a connection without an exchange; safe for any thread.
    Future<?> closeIfIdle() {
        return channel().eventLoop().submit(() -> {
            if (exchange == null) {
                close();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        server.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        try {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                refuse(400);
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(request);
            }
            if (message instanceof HttpContent content && head != null) {
                append(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (exchange != null) {
            exchange.resume();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        server.closed(this);
        if (blob != null) {
            blob.breakOff();
        }
        waiting.clear();
        Exchange running = exchange;
        exchange = null;
        if (running != null) {
            running.clientLeft();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        close();
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "the connection is not set up yet");
    }

    private void begin(HttpRequest request) {
        head = request;
        body = Unpooled.EMPTY_BUFFER;
        boolean ofBlob = server.kind() == ServerKind.OLLAMA && request.uri().startsWith(Blobs.PREFIX);
        blob = ofBlob && request.method().equals(HttpMethod.POST)
                ? new BlobReceipt(server.backend().blobs())
                : null;
        if (HttpUtil.is100ContinueExpected(request)) {
            var _ = write(CONTINUE.duplicate());
        }
    }

    private void append(HttpContent content) {
        ByteBuf bytes = content.content();
        if (blob != null) {
            append(blob, content);
            return;
        }
        if ((long) body.readableBytes() + bytes.readableBytes() > LARGEST_BODY) {
            refuse(413);
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (last && !body.isReadable()) {
            arrived(ByteBufUtil.getBytes(bytes));
            return;
        }
        if (bytes.isReadable()) {
            body = body.isReadable() ? body : Unpooled.buffer(64 << 10);
            body.writeBytes(bytes);
        }
        if (last) {
            arrived(ByteBufUtil.getBytes(body));
        }
    }

    private void append(BlobReceipt receipt, HttpContent content) {
        receipt.add(content.content());
        if (content instanceof LastHttpContent) {
            receipt.end();
            blob = null;
            arrived(new byte[0]);
        }
    }

    private void arrived(byte[] complete) {
        Arrival arrival = Arrival.of(Objects.requireNonNull(head), complete);
        head = null;
        body = Unpooled.EMPTY_BUFFER;
        waiting.add(arrival);
        beginWaiting();
    }

    /// A loop, not a recursion: answers that are complete at once would pile up on the stack.
    private void beginWaiting() {
        if (beginning) {
            return;
        }
        beginning = true;
        while (exchange == null && !waiting.isEmpty() && channel().isActive()) {
            exchange = new Exchange(this, server, waiting.remove());
            exchange.begin();
        }
        beginning = false;
    }

    private void refuse(int status) {
        head = null;
        String answer = "HTTP/1.1 " + status + " Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        write(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII)).addListener(_ -> close());
    }
}
