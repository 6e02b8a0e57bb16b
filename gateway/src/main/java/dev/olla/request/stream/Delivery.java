package dev.olla.request.stream;

import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.request.send.UpstreamResponse;
import org.jspecify.annotations.Nullable;

/// An answer on its way to the client.
public sealed interface Delivery permits Relay, Tunnel, TranslatedAnswer, MessagesError {

    /// Begins the client's answer and takes the server's.
    ///
    /// @param headers of the client's answer, without framing fields
    /// @param profile `auto`, `streaming` or `standard`
    static Delivery start(
            Exchange exchange, UpstreamResponse response, Headers headers, String profile, RelayListener listener) {
        return response.head().status() == 101
                ? Tunnel.start(exchange, response, headers, listener)
                : Relay.start(exchange, response, headers, profile, listener);
    }

    /// Passes on what a server of Anthropic's API answered: an error that isn't in its form is put into it.
    ///
    /// @param headers of the client's answer, without framing fields
    /// @param profile `auto`, `streaming` or `standard`
    static Delivery ofMessages(
            Exchange exchange, UpstreamResponse response, Headers headers, String profile, RelayListener listener) {
        return response.head().status() >= 400
                ? MessagesError.start(exchange, response, headers, listener)
                : start(exchange, response, headers, profile, listener);
    }

    /// Begins to tell the server's answer in the client's own format.
    ///
    /// @param headers of the client's answer, without framing fields
    /// @param stream the client's; null where it wants a whole document
    /// @param limit of a whole answer, in bytes
    static Delivery translated(
            Exchange exchange,
            UpstreamResponse response,
            AnswerTranslation translation,
            Headers headers,
            @Nullable ClientStream stream,
            long limit,
            RelayListener listener) {
        return new TranslatedAnswer(exchange, response, translation, headers, stream, limit, listener).begin();
    }

    /// The name of the response that was passed on, by which later requests may go on from it; null where it told
    /// none.
    default @Nullable String responseId() {
        return null;
    }

    /// The client left.
    ///
    /// @return the bytes of the body that were relayed
    long abandon();
}
