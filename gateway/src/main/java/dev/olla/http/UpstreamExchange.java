package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request to a server on its way: knows its connection, watches its deadlines, tells its listener.
///
/// Whatever happens, the listener hears of one end only, and nothing after [#cancel].
final class UpstreamExchange extends Deadlines.Watched implements UpstreamCall {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final UpstreamClient client;
    private final Loop loop;
    private final UpstreamRequest request;
    private final UpstreamListener listener;
    private @Nullable Channel connecting;
    private boolean isConnecting;
    private long connectingSince;
    private @Nullable UpstreamCarrier carrier;
    private boolean reused;
    private boolean replaced;
    private boolean over;
    private boolean paused;
    private boolean headArrived;
    private boolean totalLifted;
    private boolean headLifted;
    private long sentAt;
    private long lastByteAt;

    UpstreamExchange(UpstreamClient client, Loop loop, UpstreamRequest request, UpstreamListener listener) {
        this.client = client;
        this.loop = loop;
        this.request = request;
        this.listener = listener;
    }

    Loop loop() {
        return loop;
    }

    UpstreamRequest request() {
        return request;
    }

    boolean over() {
        return over;
    }

    /// The search for an address begins.
    void connecting() {
        connectingSince = System.nanoTime();
        isConnecting = true;
        loop.deadlines().watch(this);
    }

    void connectingOn(Channel channel) {
        connecting = channel;
    }

    /// Of the limit for connecting; zero when there is none.
    Duration leftToConnect() {
        Duration limit = request.timeouts().connect();
        Duration left = limit.minusNanos(System.nanoTime() - connectingSince);
        return limit.isZero() ? limit : left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /// What remains, for instance TLS, has a limit of its own.
    void connected() {
        isConnecting = false;
        loop.deadlines().unwatch(this);
    }

    /// Whether the request may be one of several on a connection: not one that goes over to another protocol or
    /// whose body can't be sent again.
    boolean mayShare() {
        Origin origin = request.origin();
        return origin.tls()
                && origin.tlsSettings().http2()
                && request.feed() == null
                && !request.method().equals("CONNECT")
                && !request.headers().contains("Upgrade");
    }

    /// @param pooled whether it has carried another call before
    void startOn(UpstreamCarrier chosen, boolean pooled) {
        connecting = null;
        carrier = chosen;
        reused = pooled;
        sentAt = System.nanoTime();
        lastByteAt = sentAt;
        loop.deadlines().watch(this);
        chosen.start(this);
    }

    /// A part of the request was handed to the operating system: the server takes it.
    void requestProgressed() {
        if (!headArrived) {
            sentAt = System.nanoTime();
        }
    }

    /// The last byte of the request was handed to the operating system.
    void requestWritten() {
        if (!headArrived) {
            sentAt = System.nanoTime();
            lastByteAt = sentAt;
        }
    }

    void bytesArrived() {
        lastByteAt = System.nanoTime();
    }

    void headArrived(ResponseHead head) {
        headArrived = true;
        listener.onHead(head);
    }

    void data(ByteBuf data) {
        if (over) {
            data.release();
            return;
        }
        listener.onData(data);
    }

    void trailers(Headers trailers) {
        if (!over) {
            listener.onTrailers(trailers);
        }
    }

    void batchEnded() {
        if (!over && headArrived) {
            listener.onBatchEnd();
        }
    }

    void ended() {
        if (end()) {
            listener.onEnd();
        }
    }

    /// The connection ended before a byte of the answer.
    void lost(UpstreamFailure.Kind kind, String message) {
        if (over) {
            return;
        }
        if (reused && !replaced) {
            replace();
        } else {
            failed(kind, message);
        }
    }

    /// The server has not looked at the request, and says so.
    void refused(String message) {
        if (over) {
            return;
        }
        if (replaced) {
            failed(UpstreamFailure.Kind.CLOSED, message);
        } else {
            replace();
        }
    }

    private void replace() {
        replaced = true;
        carrier = null;
        loop.deadlines().unwatch(this);
        client.connect(this);
    }

    void failed(UpstreamFailure.Kind kind, String message) {
        if (end()) {
            listener.onFailure(new UpstreamFailure(kind, reused && !replaced, message));
        }
    }

    void failed(ConnectProblem problem) {
        failed(problem.kind(), problem.message());
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        loop.deadlines().unwatch(this);
        if (request.feed() != null) {
            request.feed().close();
        }
        return true;
    }

    @Override
    public void cancel() {
        if (!end()) {
            return;
        }
        closeConnection();
    }

    private void closeConnection() {
        if (connecting != null) {
            connecting.close();
        }
        if (carrier != null) {
            carrier.close();
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (carrier != null && !over) {
            carrier.read(false);
        }
    }

    @Override
    public void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        lastByteAt = System.nanoTime();
        if (carrier != null && !over) {
            carrier.read(true);
        }
    }

    @Override
    public void send(ByteBuf data) {
        if (carrier == null || over) {
            data.release();
            return;
        }
        lastByteAt = System.nanoTime();
        carrier.send(data);
    }

    @Override
    public boolean writable() {
        return carrier != null && !over && carrier.writable();
    }

    void writabilityChanged() {
        if (!over && headArrived) {
            listener.onWritabilityChange();
        }
    }

    @Override
    public void liftTotalLimit() {
        totalLifted = true;
    }

    @Override
    public void liftHeadLimit() {
        totalLifted = true;
        headLifted = true;
        lastByteAt = System.nanoTime();
    }

    @Override
    void checkDeadline(long now) {
        UpstreamTimeouts limits = request.timeouts();
        BodyFeed feed = request.feed();
        if (!headArrived && feed != null && feed.hungry()) {
            sentAt = now;
        }
        if (isConnecting) {
            if (passed(limits.connect(), now - connectingSince)) {
                ConnectProblem problem = ConnectProblem.timedOut(request.origin());
                timedOut(problem.kind(), problem.message());
            }
        } else if (!totalLifted && passed(limits.total(), now - sentAt)) {
            timedOut(UpstreamFailure.Kind.TOTAL_TIMEOUT, "no whole answer within " + seconds(limits.total()));
        } else if (!headArrived && !headLifted && passed(limits.head(), now - sentAt)) {
            timedOut(UpstreamFailure.Kind.HEAD_TIMEOUT, "no answer within " + seconds(limits.head()));
        } else if ((headArrived || headLifted) && !paused && passed(limits.read(), now - lastByteAt)) {
            timedOut(UpstreamFailure.Kind.READ_TIMEOUT, "silent for " + seconds(limits.read()));
        }
    }

    private void timedOut(UpstreamFailure.Kind kind, String message) {
        if (end()) {
            if (carrier != null) {
                carrier.giveUp();
            } else {
                closeConnection();
            }
            listener.onFailure(new UpstreamFailure(kind, reused && !replaced, message));
        }
    }

    private static boolean passed(Duration limit, long nanos) {
        return !limit.isZero() && nanos > limit.toNanos();
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() / 1000.0 + "s";
    }
}
