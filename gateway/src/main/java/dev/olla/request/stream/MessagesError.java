package dev.olla.request.stream;

import dev.olla.dialect.BackendError;
import dev.olla.dialect.ErrorFormat;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.send.BodyListener;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.RequestOutcome.Result;
import io.netty.buffer.ByteBuf;

/// An error of a server that takes Anthropic's requests as they are: passed on as it is where it has the form of
/// that API, else put into it. Lives on the event loop of its exchange.
final class MessagesError implements BodyListener, Delivery {

    private final Exchange exchange;
    private final UpstreamResponse response;
    private final Headers headers;
    private final RelayListener listener;
    private final ErrorBody body = new ErrorBody();
    private boolean over;

    private MessagesError(Exchange exchange, UpstreamResponse response, Headers headers, RelayListener listener) {
        this.exchange = exchange;
        this.response = response;
        this.headers = headers;
        this.listener = listener;
    }

    static MessagesError start(Exchange exchange, UpstreamResponse response, Headers headers, RelayListener listener) {
        MessagesError error = new MessagesError(exchange, response, headers, listener);
        response.deliverTo(error);
        return error;
    }

    @Override
    public void onData(ByteBuf data) {
        try {
            body.add(data);
        } finally {
            data.release();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {}

    @Override
    public void onBatchEnd() {}

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        over = true;
        byte[] told = body.bytes();
        int status = response.head().status();
        if (!ErrorFormat.isAnthropic(told)) {
            BackendError error = BackendError.read(status, told);
            String id = exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER);
            told = error.render(ErrorFormat.ANTHROPIC, id);
            status = error.statusFor(ErrorFormat.ANTHROPIC);
            headers.set("Content-Type", ErrorFormat.ANTHROPIC.contentType()).remove("Content-Encoding");
        }
        exchange.respond(status, headers, told);
        listener.ended(
                status >= 500 ? Result.BACKEND_ERROR : Result.SUCCESS, status, told.length, AnswerFigures.NONE, null);
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        if (over) {
            return;
        }
        over = true;
        String message = "Proxy error: endpoint " + response.endpoint().name() + ": " + failure.message();
        byte[] told = ErrorFormat.ANTHROPIC.render(
                502, "bad_gateway", message, exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER));
        exchange.respond(502, headers.set("Content-Type", ErrorFormat.ANTHROPIC.contentType()), told);
        listener.ended(Result.TRUNCATED, 502, told.length, AnswerFigures.NONE, failure.message());
    }

    @Override
    public long abandon() {
        over = true;
        return 0;
    }
}
