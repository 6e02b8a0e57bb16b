package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An exchange on a client's connection: frames the answer by the rules of RFC 9112 §6.
///
/// Small pieces are gathered until the next flush, so that a head and a short body, or several events that came
/// together, leave in one write.
final class ClientExchange implements Exchange {

    private enum State {
        WAITING,
        BEGUN,
        ENDED
    }

    private enum Framing {
        SIZED,
        CHUNKED,
        UNTIL_CLOSE,
        /// Another protocol, with an end of its own.
        FOREIGN,
        NONE
    }

    private final ClientConnection connection;
    private final GatheredWrites out;
    private final RequestHead request;
    private final long arrivedNanos;
    private final Body body;
    private final Headers standing = new Headers();
    private State state = State.WAITING;
    private Framing framing = Framing.NONE;
    private long remaining;
    private int status;
    private long sent;
    private boolean reported;
    private boolean keepAlive;
    private boolean clientGone;
    private boolean cut;
    private boolean stalled;
    private boolean bodyReleased;
    private boolean asItComes;
    private @Nullable IncomingBody incoming;
    private @Nullable String path;
    private @Nullable Object attachment;
    private @Nullable Runnable onWritabilityChange;
    private @Nullable Headers trailers;
    private @Nullable Runnable onClientGone;
    private @Nullable Consumer<ByteBuf> fromClient;

    ClientExchange(ClientConnection connection, RequestHead request, long arrivedNanos) {
        this.connection = connection;
        this.out = connection.writes();
        this.request = request;
        this.arrivedNanos = arrivedNanos;
        this.body = Body.in(connection.memory());
        this.keepAlive = request.minorVersion() == 1
                ? !request.headers().listContains("Connection", "close")
                : request.headers().listContains("Connection", "keep-alive");
    }

    void closeAfterwards() {
        keepAlive = false;
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public Body body() {
        return body;
    }

    @Override
    public void takeBodyAsItComes() {
        asItComes = true;
    }

    boolean bodyAsItComes() {
        return asItComes;
    }

    void comes(IncomingBody started) {
        incoming = started;
    }

    @Override
    public @Nullable IncomingBody incomingBody() {
        return incoming;
    }

    @Override
    public InetSocketAddress peer() {
        return connection.peer();
    }

    @Override
    public long arrivedNanos() {
        return arrivedNanos;
    }

    @Override
    public String path() {
        if (path == null) {
            path = request.path();
        }
        return path;
    }

    @Override
    public Headers standingHeaders() {
        return standing;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object value) {
        attachment = value;
    }

    @Override
    public void respond(int status, Headers headers, byte[] content) {
        if (state != State.WAITING) {
            return;
        }
        begin(new ResponseHead(status, headers), content.length);
        if (framing != Framing.NONE) {
            remaining -= content.length;
            sent += content.length;
            out.room(content.length).writeBytes(content);
        }
        finish();
    }

    @Override
    public void begin(ResponseHead head, long length) {
        if (state != State.WAITING) {
            throw new IllegalStateException("an answer has begun already");
        }
        state = State.BEGUN;
        releaseBody();
        if (clientGone) {
            return;
        }
        status = head.status();
        framing = framing(head.status(), length);
        remaining = Math.max(0, length);
        boolean unread = incoming != null && !incoming.ended();
        keepAlive &= framing != Framing.UNTIL_CLOSE && !connection.stopping() && !unread;
        writeHead(head, length);
    }

    @Override
    public void switchProtocols(Headers headers, Consumer<ByteBuf> taker) {
        if (state != State.WAITING) {
            throw new IllegalStateException("an answer has begun already");
        }
        state = State.BEGUN;
        releaseBody();
        if (clientGone) {
            return;
        }
        status = 101;
        framing = Framing.FOREIGN;
        writeHead(new ResponseHead(101, headers), -1);
        out.flush();
        fromClient = taker;
        connection.switched();
    }

    /// Takes what the client sends in the other protocol.
    void foreign(ByteBuf in) {
        Consumer<ByteBuf> taker = fromClient;
        if (taker == null || state != State.BEGUN) {
            in.release();
        } else {
            taker.accept(in);
        }
    }

    @Override
    public void read(boolean wanted) {
        connection.channel().config().setAutoRead(wanted);
    }

    private Framing framing(int status, long length) {
        if (request.method().equals("HEAD") || status == 204 || status == 304) {
            return Framing.NONE;
        }
        if (length >= 0) {
            return Framing.SIZED;
        }
        return request.minorVersion() == 1 ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
    }

    private void writeHead(ResponseHead head, long length) {
        HeadWriter written = connection.loop().headWriter().statusLine(head.status());
        Headers headers = head.headers();
        for (int i = 0; i < standing.size(); i++) {
            String name = standing.name(i);
            if (!headers.contains(name) || name.equals("Vary")) {
                written.field(name, standing.value(i));
            }
        }
        written.fields(headers);
        if (!headers.contains("Date")) {
            written.field("Date", HttpDate.now());
        }
        if (length >= 0 && head.status() != 204 && head.status() != 304) {
            written.field("Content-Length", Long.toString(length));
        } else if (framing == Framing.CHUNKED) {
            written.field("Transfer-Encoding", "chunked");
        }
        if (framing == Framing.FOREIGN) {
            written.field("Connection", "Upgrade");
        } else if (!keepAlive) {
            written.field("Connection", "close");
        } else if (request.minorVersion() == 0) {
            written.field("Connection", "keep-alive");
        }
        written.moveTo(out.room(written.length() + 2));
    }

    @Override
    public boolean hasBegun() {
        return state != State.WAITING;
    }

    @Override
    public void write(ByteBuf data) {
        int count = data.readableBytes();
        if (state != State.BEGUN || clientGone || framing == Framing.NONE || count == 0) {
            data.release();
            return;
        }
        sent += count;
        if (framing == Framing.SIZED) {
            remaining -= count;
        }
        if (framing == Framing.CHUNKED) {
            chunkSize(out.room(count <= GatheredWrites.SMALL ? count + 12 : 12), count);
        }
        if (count <= GatheredWrites.SMALL) {
            out.room(count + 2).writeBytes(data);
            data.release();
        } else {
            out.write(data);
        }
        if (framing == Framing.CHUNKED) {
            out.room(2).writeShort('\r' << 8 | '\n');
        }
    }

    private static void chunkSize(ByteBuf into, int size) {
        int shift = (31 - Integer.numberOfLeadingZeros(size)) / 4 * 4;
        for (; shift >= 0; shift -= 4) {
            into.writeByte(Character.forDigit(size >>> shift & 0xF, 16));
        }
        into.writeShort('\r' << 8 | '\n');
    }

    @Override
    public void flush() {
        if (state != State.BEGUN || clientGone) {
            return;
        }
        out.flush();
    }

    @Override
    public void finish() {
        if (state != State.BEGUN) {
            return;
        }
        if (framing == Framing.SIZED && remaining != 0) {
            abort();
            return;
        }
        if (clientGone) {
            end();
            return;
        }
        if (framing == Framing.CHUNKED) {
            writeLastChunk();
        }
        flush();
        end();
        connection.exchangeEnded(keepAlive && framing != Framing.FOREIGN);
    }

    @Override
    public void trailers(Headers followed) {
        trailers = followed;
    }

    private void writeLastChunk() {
        if (trailers == null) {
            out.room(5).writeBytes(LAST_CHUNK);
            return;
        }
        HeadWriter written = connection.loop().headWriter().lastChunk().fields(trailers);
        written.moveTo(out.room(written.length() + 2));
    }

    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    @Override
    public void abort() {
        if (state == State.ENDED) {
            return;
        }
        boolean gone = clientGone;
        flush();
        end();
        if (!gone) {
            connection.abort(framing == Framing.UNTIL_CLOSE || framing == Framing.FOREIGN);
        }
    }

    private void end() {
        state = State.ENDED;
        if (incoming != null) {
            incoming.close();
        }
        releaseBody();
        out.drop();
        onClientGone = null;
        onWritabilityChange = null;
        fromClient = null;
        report();
    }

    private void report() {
        if (!reported) {
            reported = true;
            connection.ended(this, status, sent);
        }
    }

    private void releaseBody() {
        if (!bodyReleased) {
            bodyReleased = true;
            body.release();
        }
    }

    @Override
    public boolean writable() {
        return connection.channel().isWritable();
    }

    @Override
    public void onWritabilityChange(Runnable action) {
        onWritabilityChange = action;
    }

    void writabilityChanged() {
        if (onWritabilityChange != null) {
            onWritabilityChange.run();
        }
    }

    @Override
    public void onClientGone(Runnable action) {
        onClientGone = action;
        if (clientGone) {
            onClientGone = null;
            action.run();
        }
    }

    void clientLeft() {
        clientGone = true;
        if (incoming != null) {
            incoming.close();
        }
        Runnable action = onClientGone;
        onClientGone = null;
        out.drop();
        releaseBody();
        if (action != null) {
            action.run();
        }
        report();
    }

    @Override
    public boolean clientGone() {
        return clientGone;
    }

    /// The client has taken nothing for longer than it may.
    void stall() {
        stalled = true;
    }

    @Override
    public boolean stalled() {
        return stalled;
    }

    /// The server ends; what this answer lacks will never be sent.
    void cutOff() {
        cut = true;
    }

    @Override
    public boolean cut() {
        return cut;
    }

    @Override
    public Loop loop() {
        return connection.loop();
    }

    @Override
    public Loop.Timer after(Duration delay, Runnable action) {
        return connection.loop().after(delay, action);
    }
}
