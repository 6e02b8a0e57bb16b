package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Body;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.IncomingBody;
import dev.olla.http.Loop;
import dev.olla.http.RequestHead;
import dev.olla.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A request without a connection; it keeps the answer, and runs timers when told to.
final class FakeExchange implements Exchange {

    private final RequestHead head;
    private final Headers standing = new Headers();
    private final List<FakeTimer> timers = new ArrayList<>();
    private @Nullable Answer answer;
    private @Nullable Runnable clientGone;
    private @Nullable Object attachment;
    private boolean gone;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int status, Headers headers, byte[] body) {}

    private static final class FakeTimer implements Loop.Timer {
        private final Duration delay;
        private final Runnable action;
        private boolean cancelled;

        FakeTimer(Duration delay, Runnable action) {
            this.delay = delay;
            this.action = action;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private FakeExchange(String target, Headers headers) {
        head = new RequestHead("GET", target, 1, headers);
    }

    static FakeExchange get(String target, String... headers) {
        return new FakeExchange(target, Headers.of(headers));
    }

    private Answer answer() {
        if (answer == null) {
            throw new AssertionError("no answer yet");
        }
        return answer;
    }

    int status() {
        return answer().status();
    }

    @Nullable
    String header(String name) {
        return answer().headers().first(name);
    }

    byte[] bytes() {
        return answer().body();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
        assertThat(header("Content-Type")).isEqualTo("application/json");
        return Json.MAPPER.readTree(bytes());
    }

    JsonNode gunzippedJson() {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes()))) {
            return Json.MAPPER.readTree(gzip.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lets that much time pass since the request came.
    void pass(Duration time) {
        List.copyOf(timers).stream()
                .filter(timer -> !timer.cancelled && timer.delay.compareTo(time) <= 0)
                .forEach(timer -> {
                    timer.cancelled = true;
                    timer.action.run();
                });
    }

    void clientLeaves() {
        gone = true;
        if (clientGone != null) {
            clientGone.run();
        }
    }

    boolean hasTimers() {
        return timers.stream().anyMatch(timer -> !timer.cancelled);
    }

    @Override
    public RequestHead request() {
        return head;
    }

    @Override
    public Body body() {
        return Body.empty();
    }

    @Override
    public void takeBodyAsItComes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable IncomingBody incomingBody() {
        return null;
    }

    @Override
    public InetSocketAddress peer() {
        return InetSocketAddress.createUnresolved("client.test", 1);
    }

    @Override
    public long arrivedNanos() {
        return 0;
    }

    @Override
    public String path() {
        return head.path();
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
    public void respond(int status, Headers headers, byte[] body) {
        if (answer == null && !gone) {
            answer = new Answer(status, headers, body);
        }
    }

    @Override
    public void begin(ResponseHead head, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void trailers(Headers trailers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void switchProtocols(Headers headers, Consumer<ByteBuf> fromClient) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void read(boolean wanted) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasBegun() {
        return answer != null;
    }

    @Override
    public void write(ByteBuf data) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void finish() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abort() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void onWritabilityChange(Runnable action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onClientGone(Runnable action) {
        clientGone = action;
    }

    @Override
    public boolean clientGone() {
        return gone;
    }

    /// A loop that runs everything at once; only the wire itself can make others.
    @Override
    public boolean cut() {
        return false;
    }

    @Override
    public Loop loop() {
        try {
            Constructor<Loop> constructor = Loop.class.getDeclaredConstructor(EventLoop.class);
            constructor.setAccessible(true);
            return constructor.newInstance(new EmbeddedChannel().eventLoop());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Override
    public Loop.Timer after(Duration delay, Runnable action) {
        FakeTimer timer = new FakeTimer(delay, action);
        timers.add(timer);
        return timer;
    }
}
