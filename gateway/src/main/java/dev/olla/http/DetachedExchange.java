package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An exchange as another thread than its own may use it: to read what was asked, and to answer at once.
public final class DetachedExchange implements Exchange {

    private final Exchange exchange;
    private final RequestHead request;
    private final String path;
    private final Headers standing;

    /// To be made on the exchange's event loop.
    public DetachedExchange(Exchange exchange) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.path = exchange.path();
        this.standing = exchange.standingHeaders().copy();
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public String path() {
        return path;
    }

    /// A copy.
    @Override
    public Headers standingHeaders() {
        return standing;
    }

    @Override
    public Loop loop() {
        return exchange.loop();
    }

    @Override
    public void respond(int status, Headers headers, byte[] body) {
        exchange.loop().execute(() -> exchange.respond(status, headers, body));
    }

    @Override
    public Body body() {
        throw onItsLoopOnly();
    }

    @Override
    public void takeBodyAsItComes() {
        throw onItsLoopOnly();
    }

    @Override
    public @Nullable IncomingBody incomingBody() {
        throw onItsLoopOnly();
    }

    @Override
    public InetSocketAddress peer() {
        throw onItsLoopOnly();
    }

    @Override
    public long arrivedNanos() {
        throw onItsLoopOnly();
    }

    @Override
    public @Nullable Object attachment() {
        throw onItsLoopOnly();
    }

    @Override
    public void attach(Object attachment) {
        throw onItsLoopOnly();
    }

    @Override
    public void begin(ResponseHead head, long length) {
        throw onItsLoopOnly();
    }

    @Override
    public void switchProtocols(Headers headers, Consumer<ByteBuf> fromClient) {
        throw onItsLoopOnly();
    }

    @Override
    public void read(boolean wanted) {
        throw onItsLoopOnly();
    }

    @Override
    public boolean hasBegun() {
        throw onItsLoopOnly();
    }

    @Override
    public void write(ByteBuf data) {
        throw onItsLoopOnly();
    }

    @Override
    public void flush() {
        throw onItsLoopOnly();
    }

    @Override
    public void trailers(Headers trailers) {
        throw onItsLoopOnly();
    }

    @Override
    public void finish() {
        throw onItsLoopOnly();
    }

    @Override
    public void abort() {
        throw onItsLoopOnly();
    }

    @Override
    public boolean cut() {
        throw onItsLoopOnly();
    }

    @Override
    public boolean writable() {
        throw onItsLoopOnly();
    }

    @Override
    public void onWritabilityChange(Runnable action) {
        throw onItsLoopOnly();
    }

    @Override
    public void onClientGone(Runnable action) {
        throw onItsLoopOnly();
    }

    @Override
    public boolean clientGone() {
        throw onItsLoopOnly();
    }

    @Override
    public Loop.Timer after(Duration delay, Runnable action) {
        throw onItsLoopOnly();
    }

    private static UnsupportedOperationException onItsLoopOnly() {
        return new UnsupportedOperationException("this is for the event loop of the exchange");
    }
}
