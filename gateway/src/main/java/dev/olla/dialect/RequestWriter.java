package dev.olla.dialect;

import tools.jackson.databind.node.ObjectNode;

/// Writes requests of one format. Pure; safe for all threads.
@FunctionalInterface
public interface RequestWriter {

    /// @param model as the server chosen knows it
    /// @param abilities what that server takes beyond the format itself
    /// @throws BadRequest naming the field that the format can't carry
    ObjectNode write(Conversation conversation, String model, Abilities abilities) throws BadRequest;
}
