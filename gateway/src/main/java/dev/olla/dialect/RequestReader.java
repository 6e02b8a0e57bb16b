package dev.olla.dialect;

import tools.jackson.databind.JsonNode;

/// Reads requests of one format. Pure; safe for all threads.
@FunctionalInterface
public interface RequestReader {

    /// @param body the whole request, see [Json#tree]
    /// @throws BadRequest naming the field, where the request doesn't keep to the format
    Conversation read(JsonNode body) throws BadRequest;
}
