package dev.olla.request.select;

import dev.olla.fleet.Residency;

/// What an inference request takes of a fleet: a place for its model, and its client's turn.
///
/// @param model as the client spelled it
/// @param client whose turn it is when the request is served
/// @param bytes of its body
public record Demand(String model, String client, long bytes) {

    /// The name of the queue: requests for one model wait together, however it is spelled.
    String queue() {
        return Residency.key(model);
    }
}
