package dev.olla.request.stream;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.send.BodyListener;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.RequestOutcome.Result;
import io.netty.buffer.ByteBuf;

/// Passes the bytes of another protocol, such as WebSocket, both ways between client and server, each at the pace
/// of its taker, until one of them closes.
///
/// A side that closes ends both: a client that has closed its half can't be told from one that is gone. A server
/// that closes has its last bytes delivered first. Lives on the event loop of its exchange.
final class Tunnel implements BodyListener, Delivery {

    private final Exchange exchange;
    private final UpstreamResponse response;
    private final RelayListener listener;
    private long bytes;

    private Tunnel(Exchange exchange, UpstreamResponse response, RelayListener listener) {
        this.exchange = exchange;
        this.response = response;
        this.listener = listener;
    }

    static Tunnel start(Exchange exchange, UpstreamResponse response, Headers headers, RelayListener listener) {
        Tunnel tunnel = new Tunnel(exchange, response, listener);
        response.isStream();
        for (String protocol : response.head().headers().all("Upgrade")) {
            headers.add("Upgrade", protocol);
        }
        exchange.onWritabilityChange(() -> response.keepPace(exchange.writable()));
        exchange.switchProtocols(headers, tunnel::fromClient);
        response.deliverTo(tunnel);
        return tunnel;
    }

    private void fromClient(ByteBuf data) {
        response.send(data);
        onWritabilityChange();
    }

    @Override
    public void onWritabilityChange() {
        exchange.read(response.writable());
    }

    @Override
    public void onData(ByteBuf data) {
        bytes += data.readableBytes();
        exchange.write(data);
    }

    /// Another protocol has none.
    @Override
    public void onTrailers(Headers trailers) {}

    @Override
    public void onBatchEnd() {
        exchange.flush();
    }

    @Override
    public void onEnd() {
        exchange.finish();
        listener.ended(Result.SUCCESS, 101, bytes, AnswerFigures.NONE, null);
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        exchange.abort();
        boolean silent = failure.kind() == UpstreamFailure.Kind.READ_TIMEOUT;
        listener.ended(silent ? Result.TIMEOUT : Result.TRUNCATED, 101, bytes, AnswerFigures.NONE, failure.message());
    }

    @Override
    public long abandon() {
        return bytes;
    }
}
