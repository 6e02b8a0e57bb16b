package dev.olla.request;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.dialect.translate.ClientAnswer;
import dev.olla.dialect.translate.ClientRequest;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.Loop;
import dev.olla.request.FormatSettings.InspectorSettings;
import dev.olla.request.send.Outgoing;
import dev.olla.request.send.Translator;
import dev.olla.request.send.UpstreamResponse;
import dev.olla.request.stream.ClientStream;
import dev.olla.request.stream.Delivery;
import dev.olla.request.stream.RelayListener;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one request needs to reach servers of other formats, and to hear of their answers in its own.
///
/// Lives on the event loop of its exchange.
final class Translation {

    private final Exchange exchange;
    private final FormatSettings settings;
    private final Translator translator;
    /// Null where conversations aren't written to files.
    private final @Nullable Transcript transcript;
    private Set<String> beyond = Set.of();
    private @Nullable String onlyAt;
    private @Nullable BadRequest wrong;
    private @Nullable ClientStream stream;
    private Loop.@Nullable Timer grace;
    private @Nullable ApiCall spoken;

    Translation(Exchange exchange, Formats formats, ApiCall call, String model) {
        this.exchange = exchange;
        this.settings = formats.settings();
        this.translator = new Translator(call, exchange.body(), model, formats.requests(), exchange.loop());
        InspectorSettings inspector = settings.inspector();
        this.transcript = inspector == null || call != ApiCall.MESSAGES
                ? null
                : formats.transcripts().of(exchange.request().headers(), inspector, model);
    }

    /// The request, which goes to servers now.
    Outgoing sent(Outgoing outgoing) {
        if (transcript != null) {
            transcript.request(exchange.body());
        }
        return outgoing.translatedBy(translator);
    }

    ApiCall call() {
        return translator.call();
    }

    /// The call by which the server was asked last; null where it got the client's own.
    @Nullable
    ApiCall spoken() {
        return spoken;
    }

    /// @param sent whether a server was asked
    /// @param streaming what the client's body says of it; null where it says nothing
    RequestTrace.Formats formats(boolean sent, @Nullable Boolean streaming) {
        Dialect from = call().dialect();
        ApiCall other = spoken;
        Dialect to = sent ? (other == null ? from : other.dialect()) : null;
        ClientAnswer answer = translator.answer();
        boolean streams = answer == null ? streaming != null && streaming : answer.streams();
        return new RequestTrace.Formats(from, to, to == null || other != null, streams);
    }

    /// Whether where the request may go depends on more than its model.
    boolean readsFirst() {
        return call() == ApiCall.MESSAGES || call() == ApiCall.RESPONSES;
    }

    /// @param fault takes a fault of the gateway's own
    void read(Runnable then, Consumer<RuntimeException> fault) {
        translator.read(result -> {
            switch (result) {
                case Translator.Result.Done<ClientRequest>(var request) -> {
                    beyond = request.beyond();
                    onlyAt = request.onlyAt();
                    then.run();
                }
                case Translator.Result.Refused<ClientRequest>(var why) -> {
                    wrong = why;
                    then.run();
                }
                case Translator.Result.Broken<ClientRequest>(var broken) -> fault.accept(broken);
            }
        });
    }

    /// What is wrong with the request; null where nothing is, or where it wasn't read yet.
    @Nullable
    BadRequest wrong() {
        return wrong;
    }

    Set<String> beyond() {
        return beyond;
    }

    /// The server that alone may be asked; null where any may.
    @Nullable
    String onlyAt() {
        return onlyAt;
    }

    /// A server is asked in another format: should it let wait for long, the client's stream is opened before.
    ///
    /// @param commit whether it is to be opened: from then on no other server is tried
    /// @param headers of the client's answer
    void asked(ApiCall to, BooleanSupplier commit, Supplier<Headers> headers) {
        spoken = to;
        cancelTimer();
        ClientAnswer answer = translator.answer();
        if (transcript != null && answer != null) {
            transcript.follow(answer);
        }
        if (answer == null || !answer.streams()) {
            return;
        }
        if (stream == null || !stream.isOpen()) {
            stream = new ClientStream(exchange, answer, settings.coldStartInterval());
        }
        ClientStream opening = stream;
        if (!settings.coldStartGrace().isZero() && !opening.isOpen()) {
            grace = exchange.after(settings.coldStartGrace(), () -> {
                if (!opening.isOpen() && commit.getAsBoolean()) {
                    opening.openEarly(headers.get());
                }
            });
        }
    }

    /// The server's turn is over, and nothing of it is told for now.
    void askedNoMore() {
        spoken = null;
        cancelTimer();
    }

    /// The client gets that answer, perhaps after others were asked in vain.
    ///
    /// @param call that it answers; null where that is the client's own
    void answered(@Nullable ApiCall call) {
        spoken = call;
        if (call == null) {
            cancelTimer();
        }
    }

    Delivery deliver(
            UpstreamResponse response, AnswerTranslation translation, Headers headers, RelayListener listener) {
        return Delivery.translated(
                exchange,
                response,
                translation,
                headers,
                stream,
                settings.maxTranslatedAnswer(),
                (result, status, bytes, figures, message) -> {
                    cancelTimer();
                    listener.ended(result, status, bytes, figures, message);
                });
    }

    /// Whether the client has been told that an answer comes.
    boolean opened() {
        return stream != null && stream.isOpen();
    }

    /// Tells a client that was told so that none comes.
    ///
    /// @return the bytes of the body that it got
    long fail(int status, String message) {
        cancelTimer();
        if (stream == null) {
            return 0;
        }
        stream.fail(new AnswerEvent.Failed(status, null, message));
        return stream.bytes();
    }

    /// The client left.
    ///
    /// @return the bytes of the body that it got
    long abandon() {
        cancelTimer();
        if (stream == null) {
            return 0;
        }
        stream.stop();
        return stream.bytes();
    }

    private void cancelTimer() {
        if (grace != null) {
            grace.cancel();
            grace = null;
        }
    }
}
