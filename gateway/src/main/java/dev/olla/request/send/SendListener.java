package dev.olla.request.send;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.fleet.Endpoint;
import dev.olla.http.UpstreamFailure;

/// Hears how a sending ends; called on the event loop of the request, once.
///
/// Only a sending with a translator ends with [#onRefused], [#onNeedless] or [#onFault].
public interface SendListener {

    /// The head of the answer has come. Must name a taker of its body before returning.
    void onAnswer(UpstreamResponse response);

    void onFailure(SendFailure failure);

    /// No server that is left can be asked this: the client gets to know why.
    default void onRefused(BadRequest why) {
        throw new IllegalStateException("nothing is translated here");
    }

    /// The endpoint chosen has no notion of what is asked, and needn't.
    ///
    /// @param document the answer, in JSON
    default void onNeedless(Endpoint endpoint, byte[] document) {
        throw new IllegalStateException("nothing is translated here");
    }

    /// The gateway itself failed.
    default void onFault(RuntimeException fault) {
        throw new IllegalStateException("nothing is translated here");
    }

    /// The request is sent in another form than the client's.
    ///
    /// @param call that the endpoint understands
    default void onTranslated(Endpoint endpoint, ApiCall call) {}

    /// An attempt failed without an answer; another one may follow.
    default void onAttemptFailed(Endpoint endpoint, UpstreamFailure failure) {}

    /// An answer came, and another endpoint is asked for a better one; if none gives one, it comes to [#onAnswer].
    default void onPassedOver(Endpoint endpoint, int status) {}
}
