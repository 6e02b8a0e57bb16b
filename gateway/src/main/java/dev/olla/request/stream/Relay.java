package dev.olla.request.stream;

import dev.olla.dialect.ErrorFormat;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.Loop;
import dev.olla.http.ResponseHead;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.send.BodyListener;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.RequestOutcome.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Passes an answer on to the client, byte for byte, at the pace of the client.
///
/// Memory for one stream is bounded by what the client's connection holds before it counts as slow (128 KiB) and
/// one read from the server (64 KiB). An answer that breaks off is never ended as if it were complete. Lives on
/// the event loop of its exchange.
final class Relay implements BodyListener, Delivery {

    private static final int GATHERED_BYTES = 4 * 1024;
    private static final byte[] NEW_LINE = {'\n'};
    private static final Duration GATHERED_TIME = Duration.ofMillis(20);

    private final Exchange exchange;
    private final UpstreamResponse response;
    private final RelayListener listener;
    private final FlushPolicy flushing;
    private final boolean explains;
    private final @Nullable AnswerMeter meter;
    private long bytes;
    private int unflushed;
    private byte lastByte = '\n';
    private Loop.@Nullable Timer flushTimer;

    private Relay(Exchange exchange, UpstreamResponse response, FlushPolicy flushing, RelayListener listener) {
        this.exchange = exchange;
        this.response = response;
        this.flushing = flushing;
        this.listener = listener;
        this.explains = takesErrorLine(exchange, response);
        this.meter = AnswerMeter.of(response.head(), response.metrics());
    }

    /// Whether the client reads a last line as an error: Ollama's clients do, of streams that have room for one.
    /// In an answer of announced length it could fill the length, so that the answer would look whole.
    private static boolean takesErrorLine(Exchange exchange, UpstreamResponse response) {
        Headers headers = response.head().headers();
        return ErrorFormat.forPath(exchange.path()) == ErrorFormat.OLLAMA
                && contentType(response).startsWith("application/x-ndjson")
                && length(headers) < 0
                && !headers.contains("Content-Encoding");
    }

    /// Begins the client's answer and takes the server's.
    ///
    /// @param headers of the client's answer, without framing fields
    /// @param profile `auto`, `streaming` or `standard`
    static Relay start(
            Exchange exchange, UpstreamResponse response, Headers headers, String profile, RelayListener listener) {
        String type = contentType(response);
        Relay relay = new Relay(exchange, response, FlushPolicy.of(profile, type), listener);
        if (FlushPolicy.isStream(type)) {
            response.isStream();
        }
        exchange.onWritabilityChange(() -> response.keepPace(exchange.writable()));
        exchange.begin(
                new ResponseHead(response.head().status(), headers),
                length(response.head().headers()));
        // Last: what was kept back comes at once.
        response.deliverTo(relay);
        return relay;
    }

    private static String contentType(UpstreamResponse response) {
        String type = response.head().headers().first("Content-Type");
        return type == null ? "" : type.toLowerCase(Locale.ROOT);
    }

    private static long length(Headers headers) {
        String length = headers.first("Content-Length");
        return length == null ? -1 : Long.parseLong(length);
    }

    @Override
    public void onData(ByteBuf data) {
        int count = data.readableBytes();
        bytes += count;
        unflushed += count;
        lastByte = data.getByte(data.writerIndex() - 1);
        if (meter != null) {
            meter.passed(data);
        }
        exchange.write(data);
    }

    @Override
    public void onTrailers(Headers trailers) {
        exchange.trailers(AnswerHeaders.trailers(trailers, response.endpoint().extraHeaders()));
    }

    @Override
    public void onBatchEnd() {
        if (flushing == FlushPolicy.AT_ONCE || unflushed >= GATHERED_BYTES) {
            flush();
        } else if (flushTimer == null) {
            flushTimer = exchange.after(GATHERED_TIME, this::flush);
        }
    }

    private void flush() {
        cancelTimer();
        unflushed = 0;
        exchange.flush();
    }

    private void cancelTimer() {
        if (flushTimer != null) {
            flushTimer.cancel();
            flushTimer = null;
        }
    }

    @Override
    public void onEnd() {
        cancelTimer();
        exchange.finish();
        int status = response.head().status();
        listener.ended(status >= 500 ? Result.BACKEND_ERROR : Result.SUCCESS, status, bytes, figures(), null);
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        cancelTimer();
        if (explains && lastByte == '\n') {
            exchange.write(errorLine(failure));
        }
        exchange.abort();
        boolean timeout = failure.kind() == UpstreamFailure.Kind.READ_TIMEOUT
                || failure.kind() == UpstreamFailure.Kind.TOTAL_TIMEOUT;
        Result result = timeout ? Result.TIMEOUT : Result.TRUNCATED;
        listener.ended(result, response.head().status(), bytes, figures(), failure.message());
    }

    /// What the answer has told of itself so far.
    private AnswerFigures figures() {
        return meter == null ? AnswerFigures.NONE : meter.figures();
    }

    /// Ollama's clients read the reason from one last line.
    private ByteBuf errorLine(UpstreamFailure failure) {
        String limit = switch (failure.kind()) {
            case READ_TIMEOUT -> "proxy.read_timeout exceeded: ";
            case TOTAL_TIMEOUT -> "proxy.response_timeout exceeded: ";
            default -> "";
        };
        String message = "Proxy error: endpoint " + response.endpoint().name() + ": " + limit + failure.message();
        byte[] error = ErrorFormat.OLLAMA.render(502, "bad_gateway", message, null);
        return Unpooled.wrappedBuffer(error, NEW_LINE);
    }

    @Override
    public @Nullable String responseId() {
        return meter == null ? null : meter.responseId();
    }

    @Override
    public long abandon() {
        cancelTimer();
        return bytes;
    }
}
