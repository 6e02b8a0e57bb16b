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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One connection of a client: reads requests one after the other, and the next only when the last is answered.
///
/// It never stops looking whether the client is still there; what arrives meanwhile waits, up to a bound. Lives on
/// one event loop.
final class ClientConnection extends ChannelInboundHandlerAdapter implements BodySpill.Listener {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Server server;
    private final SocketChannel channel;
    private final Loop loop;
    private final RequestHeads heads;
    private final BodyIntake intake;
    private final WaitingBytes waiting;
    private final GatheredWrites writes;
    private final ClientLimits limits;
    private final Lingering lingering;
    private final InetSocketAddress peer;
    private @Nullable ClientExchange exchange;
    private boolean consuming;

    ClientConnection(Server server, SocketChannel channel, Loop loop) {
        this.server = server;
        this.channel = channel;
        this.loop = loop;
        this.heads = new RequestHeads(server.settings().maxHeaderSize());
        this.intake = new BodyIntake(channel, loop, server.memory(), this);
        this.waiting = new WaitingBytes(channel);
        this.writes = new GatheredWrites(channel);
        this.limits = new ClientLimits(server, this);
        this.lingering = new Lingering(channel);
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

    GatheredWrites writes() {
        return writes;
    }

    Loop loop() {
        return loop;
    }

    Lingering lingering() {
        return lingering;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        loop.deadlines().watch(limits);
        if (server.stopping()) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (limits.phase().isEnding()) {
            lingering.drop(in);
        } else if (limits.phase() == ClientPhase.SWITCHED && exchange != null) {
            exchange.foreign(in);
        } else if (waiting.any() || !takesBytes()) {
            waiting.add(in);
        } else {
            consumeAndRelease(in);
        }
    }

    /// A client that doesn't read its answers gets no more of them.
    private boolean takesBytes() {
        return switch (limits.phase()) {
            case IDLE -> channel.isWritable();
            case HEAD, BODY -> true;
            case STREAMING -> wantsBody();
            case STORING, ANSWERING, SWITCHED, CLOSING, LINGERING -> false;
        };
    }

    private boolean wantsBody() {
        IncomingBody body = exchange == null ? null : exchange.incomingBody();
        return body != null && body.wanted();
    }

    private void consumeAndRelease(ByteBuf in) {
        try {
            consume(in);
            if (in.isReadable() && !limits.phase().isEnding()) {
                waiting.add(in.retain());
            }
        } finally {
            in.release();
        }
    }

    /// Takes requests out of the buffer until it is empty or one of them is being answered.
    private void consume(ByteBuf in) {
        consuming = true;
        try {
            while (in.isReadable() && takesBytes()) {
                switch (limits.phase()) {
                    case BODY -> readBody(in);
                    case STREAMING -> passOn(in);
                    default -> readHead(in);
                }
            }
        } catch (MalformedMessage e) {
            refuse(e.problem());
        } finally {
            consuming = false;
        }
    }

    private void readHead(ByteBuf in) throws MalformedMessage {
        RequestHead head = heads.next(in);
        if (head != null) {
            limits.headArrived();
            begin(head);
        } else if (heads.started() && limits.phase() == ClientPhase.IDLE) {
            limits.enter(ClientPhase.HEAD);
        }
    }

    private void begin(RequestHead head) throws MalformedMessage {
        ClientExchange started = new ClientExchange(this, head, System.nanoTime());
        exchange = started;
        limits.enter(ClientPhase.BODY);
        Runnable answer = server.handler().arrived(started);
        RequestHeads.requireOneHost(head);
        BodyDecoder.Framing framing = BodyDecoder.ofRequest(head);
        if (answer != null) {
            answerUnread(started, framing, answer);
            return;
        }
        RequestHeads.requireSize(head, server.settings().maxHeaderSize());
        boolean expected = RequestHeads.expectsContinue(head) && framing.length() != 0;
        if (started.bodyAsItComes()) {
            stream(started, new IncomingBody(this, framing, expected));
            return;
        }
        BodyIntake.requireSize(framing.length(), server.settings().maxBodySize());
        if (expected) {
            sayContinue();
        }
        if (framing.length() == 0) {
            dispatch(started);
        } else {
            intake.begin(framing, started.body());
        }
    }

    private void stream(ClientExchange started, IncomingBody body) {
        started.comes(body);
        if (body.ended()) {
            dispatch(started);
            return;
        }
        limits.enter(ClientPhase.STREAMING);
        pauseBody();
        server.handler().handle(started);
    }

    void sayContinue() {
        channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
    }

    void pauseBody() {
        channel.config().setAutoRead(false);
    }

    /// What came before the pause is first.
    void resumeBody() {
        if (waiting.any()) {
            resumeLater();
        } else {
            channel.config().setAutoRead(true);
        }
    }

    private void passOn(ByteBuf in) throws MalformedMessage {
        IncomingBody body =
                Objects.requireNonNull(Objects.requireNonNull(exchange).incomingBody());
        limits.enter(ClientPhase.STREAMING);
        if (body.read(in)) {
            limits.enter(ClientPhase.ANSWERING);
            channel.config().setAutoRead(true);
            body.end();
        }
    }

    /// Answers by the head alone. A body would have to be read to find the next request, so the connection ends
    /// then.
    private void answerUnread(ClientExchange started, BodyDecoder.Framing framing, Runnable answer) {
        if (framing.length() != 0) {
            started.closeAfterwards();
        }
        limits.enter(ClientPhase.ANSWERING);
        answer.run();
    }

    private void readBody(ByteBuf in) throws MalformedMessage {
        boolean last = intake.read(in, server.settings().maxBodySize());
        boolean behind = intake.behind();
        if (last && behind) {
            limits.enter(ClientPhase.STORING);
        } else if (last) {
            dispatch(Objects.requireNonNull(exchange));
        } else if (behind) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void caughtUp() {
        ClientExchange current = exchange;
        waiting.readOn();
        if (limits.phase() == ClientPhase.STORING && current != null) {
            dispatch(current);
        }
    }

    @Override
    public void spillFailed(IOException cause) {
        if (limits.phase() != ClientPhase.BODY && limits.phase() != ClientPhase.STORING) {
            return;
        }
        server.unexpected(cause);
        if (exchange != null) {
            exchange.standingHeaders().set("Retry-After", "5");
        }
        refuse(new RequestProblem(
                RequestProblem.Kind.NO_ROOM, "no memory is left for the request's body, and no file can be written"));
    }

    private void dispatch(ClientExchange complete) {
        intake.complete();
        limits.enter(ClientPhase.ANSWERING);
        server.handler().handle(complete);
    }

    /// The exchange under way has gone over to another protocol, whose first bytes may be there already.
    void switched() {
        limits.enter(ClientPhase.SWITCHED);
        if (waiting.any() && exchange != null) {
            exchange.foreign(waiting.take());
        }
    }

    /// Answers a request that can't be taken, and takes no other on this connection.
    void refuse(RequestProblem problem) {
        ClientExchange current = exchange;
        intake.drop();
        if (current == null) {
            current = new ClientExchange(this, heads.asFarAsKnown(), System.nanoTime());
            exchange = current;
            Runnable _ = server.handler().arrived(current);
        }
        current.closeAfterwards();
        limits.enter(ClientPhase.ANSWERING);
        if (current.incomingBody() != null) {
            current.incomingBody().fail();
        }
        if (current.hasBegun()) {
            current.abort();
        } else {
            server.handler().refuse(current, problem);
        }
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
        limits.enter(ClientPhase.IDLE);
        resumeLater();
    }

    private void resumeLater() {
        if (waiting.any() && !consuming) {
            loop.eventLoop().execute(this::consumeWaiting);
        }
    }

    private void consumeWaiting() {
        if (waiting.any() && takesBytes()) {
            consumeAndRelease(waiting.take());
        }
    }

    /// Closes so that the client can read the last answer.
    private void linger() {
        limits.enter(ClientPhase.CLOSING);
        waiting.drop();
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            enterLingering();
            channel.shutdownOutput();
        });
    }

    private void enterLingering() {
        limits.enter(ClientPhase.LINGERING);
        lingering.begin();
    }

    /// Ends the connection before the answer is complete.
    ///
    /// @param reset whether a plain close could be taken for the end of the answer
    void abort(boolean reset) {
        exchange = null;
        enterLingering();
        if (reset) {
            channel.config().setSoLinger(0);
            channel.close();
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
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
        loop.deadlines().unwatch(limits);
        server.closed(this);
        waiting.drop();
        intake.drop();
        limits.enter(ClientPhase.LINGERING);
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
            if (limits.phase() != ClientPhase.IDLE) {
                return;
            }
            if (limits.allWritten()) {
                channel.close();
            } else {
                linger();
            }
        });
    }

    /// Ends the connection with what runs on it, since the server ends.
    void cut() {
        loop.execute(() -> {
            if (exchange != null) {
                exchange.cutOff();
            }
            channel.close();
        });
    }

    void closeNow() {
        channel.close();
    }

    /// The client takes nothing any more.
    void closeStalled() {
        if (exchange != null) {
            exchange.stall();
        }
        channel.close();
    }
}
