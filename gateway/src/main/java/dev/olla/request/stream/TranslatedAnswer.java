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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a server's answer in the format of the client, in pieces or as a whole, as the client wants it.
///
/// A stream is opened by the first piece that there is to tell, so that what fails before still gets its status. Of
/// a stream no more is held than its format needs; a whole answer up to a limit. Lives on the event loop of its
/// exchange.
final class TranslatedAnswer implements BodyListener, Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(TranslatedAnswer.class);

    private static final int GOOD = 300;

    private final Exchange exchange;
    private final UpstreamResponse response;
    private final AnswerTranslation translation;
    private final Headers headers;
    private final @Nullable ClientStream stream;
    private final long limit;
    private final RelayListener listener;
    private final @Nullable AnswerMeter meter;
    private final ErrorBody error = new ErrorBody();
    private final boolean good;
    private long read;
    private boolean over;

    /// @param headers of the client's answer, without framing fields
    /// @param stream the client's; null where it wants a whole document
    /// @param limit of a whole answer, in bytes
    TranslatedAnswer(
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

    /// Takes the server's answer.
    Delivery begin() {
        if (stream != null) {
            response.isStream();
            exchange.onWritabilityChange(() -> response.keepPace(exchange.writable()));
        }
        response.deliverTo(this);
        return this;
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
            error.add(data);
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
        if (told.length > 0) {
            write(told);
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
            if (opened()) {
                write(rest);
            }
            fail(failure);
            return;
        }
        over = true;
        if (stream == null) {
            exchange.respond(200, headers.set("Content-Type", "application/json"), rest);
            ended(Result.SUCCESS, 200, rest.length, null);
        } else {
            write(rest);
            stream.finish();
            ended(Result.SUCCESS, 200, stream.bytes(), null);
        }
    }

    private void write(byte[] told) {
        if (stream != null) {
            stream.open(headers);
            stream.write(told);
        }
    }

    /// Whether the client has heard a part of the answer, or that it is waited for.
    private boolean opened() {
        return stream != null && stream.isOpen();
    }

    /// The server's answer is an error.
    private void refused() {
        over = true;
        BackendError told = told();
        if (opened()) {
            breakOff(told.event(), Result.BACKEND_ERROR, told.message());
            return;
        }
        int status = error(told);
        ended(status >= 500 ? Result.BACKEND_ERROR : Result.SUCCESS, status, error.size(), null);
    }

    /// That a server sends elsewhere is nothing that the client could follow.
    private BackendError told() {
        int status = response.head().status();
        return status >= 400
                ? BackendError.read(status, error.bytes())
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
        if (opened()) {
            breakOff(failure, Result.TRUNCATED, failure.message());
        } else {
            int status = error(BackendError.of(failure.status(), failure.type(), null, failure.message()));
            ended(Result.BACKEND_ERROR, status, 0, failure.message());
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
        int status = timeout ? 504 : 502;
        Result result = timeout ? Result.TIMEOUT : Result.TRUNCATED;
        String message = "Proxy error: endpoint " + response.endpoint().name() + ": " + failure.message();
        if (opened()) {
            breakOff(new AnswerEvent.Failed(status, null, message), result, failure.message());
        } else {
            String code = timeout ? "upstream_timeout" : "bad_gateway";
            ended(result, error(BackendError.of(status, null, code, message)), 0, failure.message());
        }
    }

    /// Tells a client that has heard a part of the answer that no more comes.
    private void breakOff(AnswerEvent.Failed failure, Result result, @Nullable String message) {
        if (stream != null) {
            stream.fail(failure);
            ended(result, 200, stream.bytes(), message);
        }
    }

    private void ended(Result result, int status, long bytes, @Nullable String message) {
        if (translation.skipped() > 0) {
            LOG.warn(
                    "{} pieces of an answer of endpoint {} can't be read and were left out",
                    translation.skipped(),
                    response.endpoint());
        }
        listener.ended(result, status, bytes, figures(), message);
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
