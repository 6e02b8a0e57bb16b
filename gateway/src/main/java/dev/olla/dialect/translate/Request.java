package dev.olla.dialect.translate;

import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.EmbeddingRequest;
import tools.jackson.databind.node.ObjectNode;

/// What a client asks, whichever call it used.
sealed interface Request {

    record Talk(Conversation conversation) implements Request {}

    record Text(Completion completion) implements Request {}

    record Vectors(EmbeddingRequest texts) implements Request {}

    /// It goes on from a response that a server keeps.
    record Elsewhere(String server) implements Request {}

    /// Nothing is asked of the model: it is to be loaded or unloaded, as Ollama's clients do.
    ///
    /// @param document what they get where there is nothing to be loaded
    record Residency(ObjectNode document) implements Request {}
}
