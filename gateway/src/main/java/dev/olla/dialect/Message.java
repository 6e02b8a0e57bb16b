package dev.olla.dialect;

import java.util.List;

/// One turn of a conversation.
///
/// @param parts in their order; the results of tools are parts of a user's message, wherever a format puts them
/// @param extras fields that this model has no word for, for instance `name`
public record Message(Role role, List<Part> parts, Extras extras) {

    /// Who speaks.
    public enum Role {
        /// The one who set the model up. OpenAI's `developer` is the same to every other format.
        SYSTEM,
        USER,
        ASSISTANT
    }

    public Message {
        parts = List.copyOf(parts);
    }

    public Message(Role role, List<Part> parts) {
        this(role, parts, Extras.NONE);
    }
}
