package dev.olla.request.send;

/// Hears how a sending ends; called on the event loop of the request, once.
public interface SendListener {

    /// The head of the answer has come. Must name a taker of its body before returning.
    void onAnswer(UpstreamResponse response);

    void onFailure(SendFailure failure);
}
