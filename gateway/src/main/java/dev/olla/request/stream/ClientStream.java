package dev.olla.request.stream;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.translate.ClientAnswer;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.Loop;
import dev.olla.http.ResponseHead;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A stream to a client that the gateway writes itself: opened with the first bytes of an answer, or before, when a
/// server lets wait for it; kept alive where the format has something for that.
///
/// Lives on the event loop of its exchange.
public final class ClientStream {

    private final Exchange exchange;
    private final ClientAnswer answer;
    private final Duration interval;
    private Loop.@Nullable Timer alive;
    private boolean open;
    private boolean wrote;
    private long bytes;

    /// @param interval how long it may be silent; zero for any time
    public ClientStream(Exchange exchange, ClientAnswer answer, Duration interval) {
        this.exchange = exchange;
        this.answer = answer;
        this.interval = interval;
    }

    /// Whether the client has been told that an answer comes.
    public boolean isOpen() {
        return open;
    }

    /// Tells the client that an answer comes, before there is any.
    ///
    /// @param headers of the client's answer, without framing fields
    public void openEarly(Headers headers) {
        open(headers);
        keepAlive();
    }

    void open(Headers headers) {
        if (open) {
            return;
        }
        open = true;
        headers.set("Content-Type", answer.contentType());
        headers.setIfAbsent("Cache-Control", "no-cache");
        exchange.begin(new ResponseHead(200, headers), -1);
        waitAgain();
    }

    /// Looks whether anything was written since it looked last.
    private void look() {
        alive = null;
        if (wrote) {
            wrote = false;
            waitAgain();
        } else {
            keepAlive();
        }
    }

    private void keepAlive() {
        if (exchange.writable()) {
            put(answer.ping());
            exchange.flush();
        }
        waitAgain();
    }

    private void waitAgain() {
        if (alive == null && !interval.isZero()) {
            alive = exchange.after(interval, this::look);
        }
    }

    /// Writes with the next flush.
    void write(byte[] data) {
        wrote = true;
        put(data);
    }

    private void put(byte[] data) {
        if (data.length > 0) {
            bytes += data.length;
            exchange.write(Unpooled.wrappedBuffer(data));
        }
    }

    void flush() {
        exchange.flush();
    }

    void finish() {
        stop();
        exchange.finish();
    }

    /// Tells the client that no more comes, and why; what it got can't be taken for a whole answer.
    public void fail(AnswerEvent.Failed failure) {
        stop();
        put(answer.tell(failure));
        exchange.abort();
    }

    /// Nothing more is written.
    public void stop() {
        if (alive != null) {
            alive.cancel();
            alive = null;
        }
    }

    /// Of the body, so far.
    public long bytes() {
        return bytes;
    }
}
