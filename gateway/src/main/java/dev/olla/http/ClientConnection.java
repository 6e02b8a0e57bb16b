package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One connection of a client: reads requests one after the other, and the next only when the last is answered.
///
/// It never stops looking whether the client is still there; what arrives meanwhile waits, up to a bound. Lives on
/// one event loop.
final class ClientConnection extends ChannelInboundHandlerAdapter {

    private static final int MAX_WAITING = 64 * 1024;
    private static final long LINGER_NANOS = Duration.ofSeconds(5).toNanos();
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /// What the connection is doing; the comments say what may end it.
    private enum Phase {
        /// Waits for a request: the idle limit.
        IDLE,
        /// Part of a head has arrived: the limit for heads.
        HEAD,
        /// The head is complete, the body is not: the limit for requests.
        BODY,
        /// The handler is at work: the limit for stalled writes.
        ANSWERING,
        /// The last answer is sent; what still arrives is dropped until the client closes: a few seconds.
        LINGERING
    }

    private final Server server;
    private final SocketChannel channel;
    private final Loop loop;
    private final HeadReader heads;
    private final Watch watch = new Watch();
    private Phase phase = Phase.IDLE;
    private long phaseSince = System.nanoTime();
    private long requestSince;
    private long notWritableSince;
    private @Nullable ClientExchange exchange;
    private @Nullable BodyDecoder body;
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
    private boolean consuming;

    ClientConnection(Server server, SocketChannel channel, Loop loop) {
        this.server = server;
        this.channel = channel;
        this.loop = loop;
        this.heads = new HeadReader(server.settings().maxHeaderSize());
    }

    SocketChannel channel() {
        return channel;
    }

    Loop loop() {
        return loop;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        loop.deadlines().watch(watch);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (phase == Phase.LINGERING) {
            in.release();
        } else if (phase == Phase.ANSWERING || waiting.isReadable()) {
            keep(in);
        } else {
            consumeAndRelease(in);
        }
    }

    private void consumeAndRelease(ByteBuf in) {
        try {
            consume(in);
            if (in.isReadable() && phase != Phase.LINGERING) {
                keep(in.retain());
            }
        } finally {
            in.release();
        }
    }

    /// Keeps bytes of requests to come; a client that sends too many of them is read no further.
    private void keep(ByteBuf in) {
        waiting = waiting.isReadable() ? Unpooled.wrappedBuffer(waiting, in) : in;
        if (waiting.readableBytes() > MAX_WAITING) {
            channel.config().setAutoRead(false);
        }
    }

    /// Takes requests out of the buffer until it is empty or one of them is being answered.
    private void consume(ByteBuf in) {
        consuming = true;
        try {
            while (in.isReadable() && (phase == Phase.IDLE || phase == Phase.HEAD || phase == Phase.BODY)) {
                if (phase == Phase.BODY) {
                    readBody(in);
                } else {
                    readHead(in);
                }
            }
        } catch (MalformedMessage e) {
            refuse(e.problem());
        } finally {
            consuming = false;
        }
    }

    private void readHead(ByteBuf in) throws MalformedMessage {
        byte[] head = heads.read(in);
        if (head == null) {
            if (heads.started() && phase == Phase.IDLE) {
                enter(Phase.HEAD);
            }
            return;
        }
        if (phase == Phase.IDLE) {
            requestSince = System.nanoTime();
        } else {
            requestSince = phaseSince;
        }
        begin(HeadParser.request(head));
    }

    private void begin(RequestHead head) throws MalformedMessage {
        ClientExchange started = new ClientExchange(this, head, System.nanoTime());
        exchange = started;
        enter(Phase.BODY);
        server.handler().arrived(started);
        requireOneHost(head);
        requireHeadersWithinLimit(head);
        BodyDecoder.Framing framing = BodyDecoder.ofRequest(head);
        requireWithinLimit(framing.length());
        expectation(head, framing);
        body = framing.decoder();
        if (framing.length() == 0) {
            dispatch(started);
        }
    }

    private static void requireOneHost(RequestHead head) throws MalformedMessage {
        int hosts = head.headers().all("Host").size();
        if (hosts > 1 || (hosts == 0 && head.minorVersion() == 1)) {
            throw new MalformedMessage(hosts == 0 ? "no Host header" : "more than one Host header");
        }
    }

    /// Size by the original's rule: names and values, 4 for each, the request line and 4.
    private void requireHeadersWithinLimit(RequestHead head) throws MalformedMessage {
        long size = head.method().length() + head.target().length() + "HTTP/1.1".length() + 4L;
        for (int i = 0; i < head.headers().size(); i++) {
            size += head.headers().name(i).length() + head.headers().value(i).length() + 4L;
        }
        if (size > server.settings().maxHeaderSize()) {
            throw new MalformedMessage(RequestProblem.Kind.HEADERS_TOO_LARGE, "Request headers too large");
        }
    }

    private void requireWithinLimit(long length) throws MalformedMessage {
        long limit = server.settings().maxBodySize();
        if (limit > 0 && length > limit) {
            throw new MalformedMessage(RequestProblem.Kind.BODY_TOO_LARGE, "Request body too large");
        }
    }

    private void expectation(RequestHead head, BodyDecoder.Framing framing) throws MalformedMessage {
        String expected = head.headers().first("Expect");
        if (expected == null || head.minorVersion() == 0) {
            return;
        }
        if (!expected.equalsIgnoreCase("100-continue")) {
            throw new MalformedMessage(
                    RequestProblem.Kind.EXPECTATION_FAILED, "the only expectation met is 100-continue");
        }
        if (framing.length() != 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
        }
    }

    private void readBody(ByteBuf in) throws MalformedMessage {
        ClientExchange current = exchange;
        BodyDecoder decoder = body;
        if (current == null || decoder == null) {
            throw new IllegalStateException("no request is being read");
        }
        ByteBuf piece = decoder.next(in);
        if (piece != null) {
            current.body().append(channel.alloc(), piece);
            requireWithinLimit(current.body().length());
        }
        if (decoder.ended()) {
            dispatch(current);
        }
    }

    private void dispatch(ClientExchange complete) {
        body = null;
        enter(Phase.ANSWERING);
        server.handler().handle(complete);
    }

    /// Answers a request that can't be taken, and takes no other on this connection.
    private void refuse(RequestProblem problem) {
        ClientExchange current = exchange;
        body = null;
        if (current == null) {
            current = ClientExchange.unreadable(this);
            exchange = current;
            server.handler().arrived(current);
        }
        current.closeAfterwards();
        enter(Phase.ANSWERING);
        server.handler().refuse(current, problem);
    }

    void ended(ClientExchange over, int status, long bytes) {
        server.handler().ended(over, status, bytes);
    }

    /// The exchange is over and its last byte was handed to the channel.
    ///
    /// @param reusable whether the client may send another request
    void exchangeEnded(boolean reusable) {
        exchange = null;
        if (!reusable || server.stopping()) {
            linger();
            return;
        }
        enter(Phase.IDLE);
        if (waiting.isReadable() && !consuming) {
            loop.eventLoop().execute(this::consumeWaiting);
        }
    }

    private void consumeWaiting() {
        if (phase != Phase.IDLE || !waiting.isReadable()) {
            return;
        }
        ByteBuf in = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        channel.config().setAutoRead(true);
        consumeAndRelease(in);
    }

    /// Closes so that the client can read the last answer: a close with unread bytes would reset the connection.
    private void linger() {
        enter(Phase.LINGERING);
        dropWaiting();
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.shutdownOutput());
    }

    /// Ends the connection before the answer is complete.
    ///
    /// @param reset whether a plain close could be taken for the end of the answer
    void abort(boolean reset) {
        exchange = null;
        enter(Phase.LINGERING);
        if (reset) {
            channel.config().setSoLinger(0);
            channel.close();
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void enter(Phase next) {
        phase = next;
        phaseSince = System.nanoTime();
    }

    private void dropWaiting() {
        waiting.release();
        waiting = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        notWritableSince = channel.isWritable() ? 0 : System.nanoTime();
        if (exchange != null) {
            exchange.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.deadlines().unwatch(watch);
        server.closed(this);
        dropWaiting();
        phase = Phase.LINGERING;
        ClientExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientLeft();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A broken connection is a client that left; anything else is a fault of ours, and the connection is not safe.
        context.close();
        if (!(cause instanceof java.io.IOException)) {
            server.unexpected(cause);
        }
    }

    /// Closes at once when no request is under way, else after its answer.
    void closeWhenIdle() {
        loop.execute(() -> {
            if (phase == Phase.IDLE) {
                channel.close();
            }
        });
    }

    void closeNow() {
        channel.close();
    }

    /// Watches the limits of the phase.
    private final class Watch extends Deadlines.Watched {

        @Override
        void checkDeadline(long now) {
            ServerSettings limits = server.settings();
            switch (phase) {
                case IDLE -> {
                    Duration limit = limits.idleTimeout().isZero() ? limits.readTimeout() : limits.idleTimeout();
                    if (passed(limit, now - phaseSince)) {
                        channel.close();
                    }
                }
                case HEAD -> {
                    if (passed(limits.readHeaderTimeout(), now - phaseSince)) {
                        refuse(new RequestProblem(
                                RequestProblem.Kind.BODY_TIMEOUT, "server.read_header_timeout ran out"));
                    }
                }
                case BODY -> {
                    if (passed(limits.readTimeout(), now - requestSince)) {
                        refuse(new RequestProblem(RequestProblem.Kind.BODY_TIMEOUT, "server.read_timeout ran out"));
                    }
                }
                case ANSWERING -> {
                    if (notWritableSince != 0 && passed(limits.writeTimeout(), now - notWritableSince)) {
                        channel.close();
                    }
                }
                case LINGERING -> {
                    if (now - phaseSince > LINGER_NANOS) {
                        channel.close();
                    }
                }
            }
        }

        private boolean passed(Duration limit, long nanos) {
            return !limit.isZero() && nanos > limit.toNanos();
        }
    }
}
