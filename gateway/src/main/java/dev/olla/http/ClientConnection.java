package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One connection of a client: reads requests one after the other, and the next only when the last is answered.
///
/// It never stops looking whether the client is still there; what arrives meanwhile waits, up to a bound. Lives on
/// one event loop.
final class ClientConnection extends ChannelInboundHandlerAdapter implements BodySpill.Listener {

    private static final int MAX_WAITING = 64 * 1024;
    private static final Duration LINGER_SILENCE = Duration.ofSeconds(5);
    private static final Duration LINGER_SILENCE_IN_STOP = Duration.ofSeconds(1);
    private static final Duration LINGER_TOTAL = Duration.ofSeconds(30);
    private static final long LINGER_BYTES = 256L * 1024 * 1024;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /// What the connection is doing; the comments say what may end it.
    private enum Phase {
        /// Waits for a request: the idle limit.
        IDLE,
        /// Part of a head has arrived: the limit for heads.
        HEAD,
        /// The head is complete, the body is not: the limit for requests.
        BODY,
        /// The body is complete and on its way into a file: no limit.
        STORING,
        /// The handler is at work: the limit for stalled writes.
        ANSWERING,
        /// The last answer is on its way: the limit for stalled writes.
        CLOSING,
        /// The last answer is sent; what still arrives is dropped until the client closes, within bounds.
        LINGERING
    }

    private final Server server;
    private final SocketChannel channel;
    private final Loop loop;
    private final HeadReader heads;
    private final WriteProgress writes;
    private final InetSocketAddress peer;
    private final Watch watch = new Watch();
    private Phase phase = Phase.IDLE;
    private long phaseSince = System.nanoTime();
    private long requestSince;
    private long lastDroppedAt;
    private long dropped;
    private @Nullable ClientExchange exchange;
    private @Nullable BodyDecoder body;
    private @Nullable BodySpill spill;
    private byte @Nullable [] unparsedHead;
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
    private boolean waitingIsCopy;
    private boolean consuming;

    ClientConnection(Server server, SocketChannel channel, Loop loop) {
        this.server = server;
        this.channel = channel;
        this.loop = loop;
        this.heads = new HeadReader(server.settings().maxHeaderSize());
        this.writes = new WriteProgress(channel);
        // Some transports forget the address of a client that has left.
        InetSocketAddress address = channel.remoteAddress();
        this.peer = address != null ? address : new InetSocketAddress(0);
    }

    InetSocketAddress peer() {
        return peer;
    }

    /// Whether no further request is taken on any connection.
    boolean stopping() {
        return server.stopping();
    }

    BodyMemory memory() {
        return server.memory();
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
        if (server.stopping()) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (phase == Phase.CLOSING || phase == Phase.LINGERING) {
            drop(in);
        } else if (waiting.isReadable() || !takesBytes()) {
            keep(in);
        } else {
            consumeAndRelease(in);
        }
    }

    private void drop(ByteBuf in) {
        lastDroppedAt = System.nanoTime();
        dropped += in.readableBytes();
        in.release();
        if (dropped > LINGER_BYTES) {
            channel.close();
        }
    }

    /// A client that doesn't read its answers gets no more of them.
    private boolean takesBytes() {
        return switch (phase) {
            case IDLE -> channel.isWritable();
            case HEAD, BODY -> true;
            case STORING, ANSWERING, CLOSING, LINGERING -> false;
        };
    }

    private void consumeAndRelease(ByteBuf in) {
        try {
            consume(in);
            if (in.isReadable() && phase != Phase.CLOSING && phase != Phase.LINGERING) {
                keep(in.retain());
            }
        } finally {
            in.release();
        }
    }

    /// Keeps bytes of requests to come; a client that sends too many of them is read no further.
    private void keep(ByteBuf in) {
        if (waiting.isReadable()) {
            append(in);
        } else {
            waiting = in;
            waitingIsCopy = false;
        }
        if (waiting.readableBytes() > MAX_WAITING) {
            channel.config().setAutoRead(false);
        }
    }

    private void append(ByteBuf in) {
        int count = in.readableBytes();
        if (!waitingIsCopy || waiting.writableBytes() < count) {
            ByteBuf larger = channel.alloc().directBuffer(2 * (waiting.readableBytes() + count));
            larger.writeBytes(waiting);
            waiting.release();
            waiting = larger;
            waitingIsCopy = true;
        }
        waiting.writeBytes(in);
        in.release();
    }

    /// Takes requests out of the buffer until it is empty or one of them is being answered.
    private void consume(ByteBuf in) {
        consuming = true;
        try {
            while (in.isReadable() && takesBytes()) {
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
        unparsedHead = head;
        RequestHead request = HeadParser.request(head);
        unparsedHead = null;
        begin(request);
    }

    private void begin(RequestHead head) throws MalformedMessage {
        ClientExchange started = new ClientExchange(this, head, System.nanoTime());
        exchange = started;
        enter(Phase.BODY);
        Runnable answer = server.handler().arrived(started);
        requireOneHost(head);
        BodyDecoder.Framing framing = BodyDecoder.ofRequest(head);
        if (answer != null) {
            answerUnread(started, framing, answer);
            return;
        }
        requireHeadersWithinLimit(head);
        requireWithinLimit(framing.length());
        expectation(head, framing);
        body = framing.decoder();
        if (framing.length() == 0) {
            dispatch(started);
        }
    }

    /// Answers by the head alone. A body would have to be read to find the next request, so the connection ends
    /// then.
    private void answerUnread(ClientExchange started, BodyDecoder.Framing framing, Runnable answer) {
        if (framing.length() != 0) {
            started.closeAfterwards();
        }
        enter(Phase.ANSWERING);
        answer.run();
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
            store(current.body(), piece);
            requireWithinLimit(current.body().length());
        }
        boolean behind = spill != null && spill.behind();
        if (!decoder.ended()) {
            if (behind) {
                channel.config().setAutoRead(false);
            }
        } else if (behind) {
            enter(Phase.STORING);
        } else {
            dispatch(current);
        }
    }

    private void store(Body into, ByteBuf piece) {
        if (spill == null && into.takeMemory(piece.readableBytes())) {
            into.append(channel.alloc(), piece);
            return;
        }
        if (spill == null) {
            spill = new BodySpill(into, server.memory().file(), loop, this);
        }
        spill.add(piece);
    }

    @Override
    public void caughtUp() {
        ClientExchange current = exchange;
        channel.config().setAutoRead(waiting.readableBytes() <= MAX_WAITING);
        if (phase == Phase.STORING && current != null) {
            dispatch(current);
        }
    }

    @Override
    public void spillFailed(IOException cause) {
        if (phase != Phase.BODY && phase != Phase.STORING) {
            return;
        }
        server.unexpected(cause);
        if (exchange != null) {
            exchange.standingHeaders().set("Retry-After", "5");
        }
        refuse(new RequestProblem(
                RequestProblem.Kind.NO_ROOM, "no memory is left for the request's body, and no file can be written"));
    }

    private void dropSpill() {
        if (spill != null) {
            spill.drop();
            spill = null;
        }
    }

    private void dispatch(ClientExchange complete) {
        body = null;
        spill = null;
        enter(Phase.ANSWERING);
        server.handler().handle(complete);
    }

    /// Answers a request that can't be taken, and takes no other on this connection.
    private void refuse(RequestProblem problem) {
        ClientExchange current = exchange;
        body = null;
        dropSpill();
        if (current == null) {
            current = unreadable();
            exchange = current;
            Runnable _ = server.handler().arrived(current);
        }
        current.closeAfterwards();
        enter(Phase.ANSWERING);
        server.handler().refuse(current, problem);
    }

    /// For a request whose head can't be read whole: it still gets an answer, in the form of its path where that is
    /// known.
    private ClientExchange unreadable() {
        RequestHead line = HeadParser.requestLine(unparsedHead != null ? unparsedHead : heads.unfinished());
        unparsedHead = null;
        RequestHead head = line != null ? line : new RequestHead("GET", "/", 1, new Headers());
        return new ClientExchange(this, head, System.nanoTime());
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
        resumeLater();
    }

    private void resumeLater() {
        if (waiting.isReadable() && !consuming) {
            loop.eventLoop().execute(this::consumeWaiting);
        }
    }

    private void consumeWaiting() {
        if (!waiting.isReadable() || !takesBytes()) {
            return;
        }
        ByteBuf in = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        channel.config().setAutoRead(true);
        consumeAndRelease(in);
    }

    /// Closes so that the client can read the last answer: a close with unread bytes would reset the connection.
    private void linger() {
        enter(Phase.CLOSING);
        dropWaiting();
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            enter(Phase.LINGERING);
            lastDroppedAt = phaseSince;
            channel.shutdownOutput();
        });
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
        if (exchange != null) {
            exchange.writabilityChanged();
        } else if (channel.isWritable()) {
            resumeLater();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.deadlines().unwatch(watch);
        server.closed(this);
        dropWaiting();
        dropSpill();
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
        if (!(cause instanceof IOException)) {
            server.unexpected(cause);
        }
    }

    /// Closes at once when no request is under way, else after its answer.
    void closeWhenIdle() {
        loop.execute(() -> {
            if (phase != Phase.IDLE) {
                return;
            }
            if (writes.done()) {
                channel.close();
            } else {
                linger();
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
            if (passed(limits.writeTimeout(), writes.stalledNanos(now))) {
                channel.close();
                return;
            }
            switch (phase) {
                case IDLE -> checkIdle(limits, now);
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
                case STORING, ANSWERING, CLOSING -> {}
                case LINGERING -> checkLingering(now);
            }
        }

        /// The wait for the next request starts when the last answer is sent whole.
        private void checkIdle(ServerSettings limits, long now) {
            if (!writes.done()) {
                phaseSince = now;
            }
            Duration limit = limits.idleTimeout().isZero() ? limits.readTimeout() : limits.idleTimeout();
            if (passed(limit, now - phaseSince)) {
                channel.close();
            }
        }

        private void checkLingering(long now) {
            Duration silence = server.stopping() ? LINGER_SILENCE_IN_STOP : LINGER_SILENCE;
            if (passed(LINGER_TOTAL, now - phaseSince)
                    || (passed(silence, now - phaseSince) && passed(silence, now - lastDroppedAt))) {
                channel.close();
            }
        }

        private boolean passed(Duration limit, long nanos) {
            return !limit.isZero() && nanos > limit.toNanos();
        }
    }
}
