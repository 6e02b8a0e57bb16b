package dev.olla.request.send;

import dev.olla.fleet.Endpoint;
import dev.olla.http.UpstreamFailure;

/// Hears how a sending ends; called on the event loop of the request, once.
public interface SendListener {

    /// The head of the answer has come. Must name a taker of its body before returning.
    void onAnswer(UpstreamResponse response);

    void onFailure(SendFailure failure);

    /// An attempt failed without an answer; another one may follow.
    default void onAttemptFailed(Endpoint endpoint, UpstreamFailure failure) {}

    /// An answer came, and another endpoint is asked for a better one; if none gives one, it comes to [#onAnswer].
    default void onPassedOver(Endpoint endpoint, int status) {}
}
