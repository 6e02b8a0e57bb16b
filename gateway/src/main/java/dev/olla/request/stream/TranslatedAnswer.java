package dev.olla.request.stream;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.BackendError;
import dev.olla.dialect.ErrorFormat;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.send.BodyListener;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.RequestOutcome.Result;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Tells a server's answer in the format of the client, in pieces or as a whole, as the client wants it.
///
/// A stream is opened by the first piece that there is to tell, so that what fails before still gets its status. Of
/// a stream no more is held than its format needs; a whole answer up to a limit. Lives on the event loop of its
/// exchange.
final class TranslatedAnswer implements BodyListener, Delivery {

    /// Of the body of an error so much is read.
    private static final int ERROR_BYTES = 64 * 1024;

    private static final int GOOD = 300;

    private final Exchange exchange;
    private final UpstreamResponse response;
    private final AnswerTranslation translation;
    private final Headers headers;
    private final @Nullable ClientStream stream;
    private final long limit;
    private final RelayListener listener;
    private final @Nullable AnswerMeter meter;
    private final ByteArrayOutputStream error = new ByteArrayOutputStream(0);
    private final boolean good;
    private long read;
    private boolean over;

    private TranslatedAnswer(
            Exchange exchange,
            UpstreamResponse response,
            AnswerTranslation translation,
            Headers headers,
            @Nullable ClientStream stream,
            long limit,
            RelayListener listener) {
        this.exchange = exchange;
        this.response = response;
        this.translation = translation;
        this.headers = headers;
        this.stream = stream;
        this.limit = limit;
        this.listener = listener;
        this.good = response.head().status() < GOOD;
        this.meter = AnswerMeter.of(response.head(), response.metrics());
    }

    /// @param headers of the client's answer, without framing fields
    /// @param stream the client's; null where it wants a whole document
    /// @param limit of a whole answer, in bytes
    static TranslatedAnswer start(
            Exchange exchange,
            UpstreamResponse response,
            AnswerTranslation translation,
            Headers headers,
            @Nullable ClientStream stream,
            long limit,
            RelayListener listener) {
        TranslatedAnswer answer =
                new TranslatedAnswer(exchange, response, translation, headers, stream, limit, listener);
        if (stream != null) {
            response.isStream();
            exchange.onWritabilityChange(() -> response.keepPace(exchange.writable()));
        }
        response.deliverTo(answer);
        return answer;
    }

    @Override
    public void onData(ByteBuf data) {
        try {
            if (!over) {
                take(data);
            }
        } finally {
            data.release();
        }
    }

    private void take(ByteBuf data) {
        if (!good) {
            int room = Math.min(data.readableBytes(), ERROR_BYTES - error.size());
            byte[] piece = new byte[room];
            data.getBytes(data.readerIndex(), piece);
            error.writeBytes(piece);
            return;
        }
        if (meter != null) {
            meter.passed(data);
        }
        read += data.readableBytes();
        if (stream == null && read > limit) {
            fail(new AnswerEvent.Failed(
                    502, null, "the server's answer is longer than proxy.max_translated_answer (" + limit + " bytes)"));
            return;
        }
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes);
        pass(translation.read(bytes, 0, bytes.length));
    }

    private void pass(byte[] told) {
        if (stream != null && told.length > 0) {
            stream.open(headers);
            stream.write(told);
        }
        AnswerEvent.Failed failure = translation.failed();
        if (failure != null) {
            fail(failure);
        }
    }

    /// The server's fields after a body mean nothing in another format.
    @Override
    public void onTrailers(Headers trailers) {}

    @Override
    public void onBatchEnd() {
        if (stream != null && stream.isOpen() && !over) {
            stream.flush();
        }
    }

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        if (!good) {
            refused();
            return;
        }
        byte[] rest = translation.end();
        AnswerEvent.Failed failure = translation.failed();
        if (failure != null) {
            if (stream != null && stream.isOpen()) {
                stream.write(rest);
            }
            fail(failure);
            return;
        }
        over = true;
        if (stream == null) {
            exchange.respond(200, headers.set("Content-Type", "application/json"), rest);
            listener.ended(Result.SUCCESS, 200, rest.length, figures(), null);
        } else {
            stream.open(headers);
            stream.write(rest);
            stream.finish();
            listener.ended(Result.SUCCESS, 200, stream.bytes(), figures(), null);
        }
    }

    /// The server's answer is an error.
    private void refused() {
        over = true;
        BackendError told = told();
        if (stream != null && stream.isOpen()) {
            stream.fail(told.event());
            listener.ended(Result.BACKEND_ERROR, 200, stream.bytes(), figures(), told.message());
            return;
        }
        int status = error(told);
        Result result = status >= 500 ? Result.BACKEND_ERROR : Result.SUCCESS;
        listener.ended(result, status, error.size(), figures(), null);
    }

    /// That a server sends elsewhere is nothing that the client could follow.
    private BackendError told() {
        int status = response.head().status();
        return status >= 400
                ? BackendError.read(status, error.toByteArray())
                : BackendError.of(
                        502,
                        null,
                        "bad_gateway",
                        "endpoint " + response.endpoint().name() + " answered " + status);
    }

    /// Answers with an error in the client's own format.
    private int error(BackendError told) {
        ErrorFormat format = ErrorFormat.forPath(exchange.path());
        int status = told.statusFor(format);
        String id = exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER);
        headers.set("Content-Type", format.contentType());
        headers.set("X-Content-Type-Options", "nosniff");
        exchange.respond(status, headers, told.render(format, id));
        return status;
    }

    /// What came is no good answer.
    private void fail(AnswerEvent.Failed failure) {
        if (over) {
            return;
        }
        over = true;
        response.giveUp();
        if (stream != null && stream.isOpen()) {
            stream.fail(failure);
            listener.ended(Result.TRUNCATED, 200, stream.bytes(), figures(), failure.message());
        } else {
            int status = error(BackendError.of(failure.status(), failure.type(), null, failure.message()));
            listener.ended(Result.BACKEND_ERROR, status, 0, figures(), failure.message());
        }
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        if (over) {
            return;
        }
        over = true;
        boolean timeout = failure.kind() == UpstreamFailure.Kind.READ_TIMEOUT
                || failure.kind() == UpstreamFailure.Kind.TOTAL_TIMEOUT;
        String message = "Proxy error: endpoint " + response.endpoint().name() + ": " + failure.message();
        AnswerEvent.Failed told = new AnswerEvent.Failed(timeout ? 504 : 502, null, message);
        Result result = timeout ? Result.TIMEOUT : Result.TRUNCATED;
        if (stream != null && stream.isOpen()) {
            stream.fail(told);
            listener.ended(result, 200, stream.bytes(), figures(), failure.message());
        } else {
            String code = timeout ? "upstream_timeout" : "bad_gateway";
            int status = error(BackendError.of(told.status(), null, code, message));
            listener.ended(result, status, 0, figures(), failure.message());
        }
    }

    /// What the answer has told of itself so far.
    private AnswerFigures figures() {
        return meter == null ? AnswerFigures.NONE : meter.figures();
    }

    @Override
    public long abandon() {
        over = true;
        if (stream == null) {
            return 0;
        }
        stream.stop();
        return stream.bytes();
    }
}
