package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection to a server: writes a request, reads its answer, then waits for the next one.
///
/// Lives on one event loop. It is used again only when the answer ended by its own framing, the request was sent
/// whole, both sides keep the connection alive, and not a byte came after the answer.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamCarrier {

    static final int MAX_HEAD = 64 * 1024;

    private static final int COPIED_BODY = 8 * 1024;

    private final UpstreamClient client;
    private final Loop loop;
    private final Origin origin;
    private final HeadReader heads = new HeadReader(MAX_HEAD);
    private @Nullable Channel channel;
    private @Nullable UpstreamExchange exchange;
    private @Nullable BodyDecoder body;
    private boolean keepAlive;
    private boolean requestWritten;
    private boolean answering;
    private boolean reset;
    private long idleSince;

    UpstreamConnection(UpstreamClient client, Loop loop, Origin origin) {
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

    long idleSince() {
        return idleSince;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    @Override
    public void start(UpstreamExchange started) {
        exchange = started;
        body = null;
        keepAlive = false;
        answering = false;
        requestWritten = false;
        write(started);
    }

    private void write(UpstreamExchange started) {
        UpstreamRequest request = started.request();
        HeadWriter head = loop.headWriter()
                .requestLine(request.method(), request.target())
                .field("Host", origin.authority())
                .fields(request.headers());
        if (request.feed() != null) {
            writeFed(started, head, request.feed());
        } else {
            writeWhole(started, head, request);
        }
    }

    /// The body follows as it comes.
    private void writeFed(UpstreamExchange started, HeadWriter head, BodyFeed feed) {
        if (feed.length() < 0) {
            head.field("Transfer-Encoding", "chunked");
        } else {
            head.field("Content-Length", Long.toString(feed.length()));
        }
        ByteBuf out = channel().alloc().directBuffer(head.length() + 2);
        head.moveTo(out);
        channel().writeAndFlush(out);
        feed.attach(channel(), new Sent(started));
    }

    private void writeWhole(UpstreamExchange started, HeadWriter head, UpstreamRequest request) {
        Body content = request.body();
        Headers trailers = content.trailers();
        if (trailers != null && content.isInMemory()) {
            writeChunked(started, head.field("Transfer-Encoding", "chunked"), content, trailers);
            return;
        }
        if (!content.isEmpty() || expectsBody(request.method())) {
            head.field("Content-Length", Long.toString(content.length()));
        }
        boolean copied = content.length() <= COPIED_BODY && content.isInMemory();
        ByteBuf out = channel().alloc().directBuffer(head.length() + 2 + (copied ? (int) content.length() : 0));
        head.moveTo(out);
        if (copied) {
            content.views().forEach(out::writeBytes);
            channel().writeAndFlush(out).addListener(done -> written(started, done.isSuccess()));
        } else {
            new BodySender(channel(), loop, content, new Sent(started))
                    .start(channel().write(out));
        }
    }

    /// Only a chunked body has room for trailers. This one is a single chunk.
    private void writeChunked(UpstreamExchange started, HeadWriter head, Body content, Headers trailers) {
        byte[] size = (Long.toHexString(content.length()) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf out = channel().alloc().directBuffer(head.length() + 2 + size.length);
        head.moveTo(out);
        if (!content.isEmpty()) {
            channel().write(out.writeBytes(size));
            content.views().forEach(view -> channel().write(view.retain()));
            out = channel().alloc().directBuffer().writeShort('\r' << 8 | '\n');
        }
        HeadWriter last = loop.headWriter().lastChunk().fields(trailers);
        last.moveTo(out.ensureWritable(last.length() + 2));
        channel().writeAndFlush(out).addListener(done -> written(started, done.isSuccess()));
    }

    private void written(UpstreamExchange started, boolean success) {
        if (success && exchange == started) {
            requestWritten = true;
            started.requestWritten();
        }
    }

    /// How the body of a request gets on.
    private final class Sent implements BodySender.Listener, BodyFeed.Listener {

        private final UpstreamExchange started;

        Sent(UpstreamExchange started) {
            this.started = started;
        }

        @Override
        public void progressed() {
            started.requestProgressed();
        }

        @Override
        public void sent() {
            written(started, true);
        }

        @Override
        public void bodyUnreadable(IOException cause) {
            if (exchange == started) {
                fail(UpstreamFailure.Kind.CLOSED, "the request's body could not be read back: " + cause.getMessage());
            }
        }
    }

    static boolean expectsBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (exchange == null) {
                context.close();
                return;
            }
            exchange.bytesArrived();
            read(exchange, in);
        } catch (MalformedMessage e) {
            fail(UpstreamFailure.Kind.MALFORMED, origin + " sent a malformed answer: " + e.getMessage());
        } finally {
            in.release();
        }
    }

    private void read(UpstreamExchange current, ByteBuf in) throws MalformedMessage {
        answering |= in.isReadable();
        while (body == null && !current.over()) {
            byte[] head = heads.read(in);
            if (head == null) {
                return;
            }
            answer(current, HeadParser.response(head), in);
        }
        BodyDecoder decoder = body;
        while (decoder != null && !current.over()) {
            ByteBuf piece = decoder.next(in);
            if (piece != null) {
                current.data(piece);
            } else {
                endIfComplete(current, decoder, in);
                return;
            }
        }
    }

    private void answer(UpstreamExchange current, HeadParser.ParsedResponse parsed, ByteBuf in)
            throws MalformedMessage {
        ResponseHead head = parsed.head();
        if (head.status() == 101) {
            requireAsked(current.request(), head);
            keepAlive = false;
            body = new UntilCloseDecoder();
            current.headArrived(head);
            return;
        }
        if (head.status() < 200) {
            return;
        }
        BodyDecoder.Framing framing = BodyDecoder.ofResponse(current.request().method(), head);
        if (framing.length() >= 0 && in.readableBytes() > framing.length()) {
            throw new MalformedMessage("bytes after its end");
        }
        keepAlive = keepsAlive(parsed) && (framing.chunked() || framing.length() >= 0);
        body = framing.decoder();
        current.headArrived(head);
    }

    /// A server may only go over to what it was asked for, once it has the whole request (RFC 9110 §7.8).
    private void requireAsked(UpstreamRequest request, ResponseHead head) throws MalformedMessage {
        String chosen = head.headers().first("Upgrade");
        if (chosen == null || !requestWritten || !request.headers().listContains("Upgrade", chosen)) {
            throw new MalformedMessage("it switches protocols unasked");
        }
    }

    private static boolean keepsAlive(HeadParser.ParsedResponse parsed) {
        Headers headers = parsed.head().headers();
        return parsed.minorVersion() == 1
                ? !headers.listContains("Connection", "close")
                : headers.listContains("Connection", "keep-alive");
    }

    private void endIfComplete(UpstreamExchange current, BodyDecoder decoder, ByteBuf in) throws MalformedMessage {
        if (!decoder.ended()) {
            return;
        }
        if (in.isReadable()) {
            throw new MalformedMessage("bytes after its end");
        }
        Headers trailers = decoder.trailers();
        if (trailers != null) {
            current.trailers(trailers);
        }
        exchange = null;
        if (keepAlive && requestWritten && channel().isActive()) {
            channel().config().setAutoRead(true);
            idleSince = System.nanoTime();
            client.giveBack(this);
        } else {
            close();
        }
        current.ended();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.batchEnded();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange == null) {
            return;
        }
        BodyFeed feed = exchange.request().feed();
        if (feed != null) {
            feed.writabilityChanged();
        } else {
            exchange.writabilityChanged();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reset = true;
        // The transport closes when reading fails. When only writing does, an answer may still be there to be read: a
        // server that refuses a request half-way answers and resets.
        if (!(cause instanceof IOException) || cause instanceof SSLException) {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        UpstreamExchange current = exchange;
        exchange = null;
        if (current == null) {
            client.forget(this);
        } else if (body != null && body.endsWithConnection() && !reset) {
            current.ended();
        } else if (answering) {
            current.failed(UpstreamFailure.Kind.TRUNCATED, origin + " closed the connection within its answer");
        } else if (reset) {
            current.lost(UpstreamFailure.Kind.RESET, origin + " reset the connection");
        } else {
            current.lost(UpstreamFailure.Kind.CLOSED, origin + " closed the connection without an answer");
        }
    }

    private void fail(UpstreamFailure.Kind kind, String message) {
        UpstreamExchange current = exchange;
        exchange = null;
        close();
        if (current != null) {
            current.failed(kind, message);
        }
    }

    @Override
    public void read(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }

    @Override
    public void send(ByteBuf data) {
        channel().writeAndFlush(data);
    }

    @Override
    public boolean writable() {
        return channel().isWritable();
    }

    @Override
    public void close() {
        exchange = null;
        channel().close();
    }

    @Override
    public void giveUp() {
        close();
    }
}
