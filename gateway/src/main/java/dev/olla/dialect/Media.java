package dev.olla.dialect;

import org.jspecify.annotations.Nullable;

/// Where the bytes of an image or a document are.
public sealed interface Media {

    /// In the request itself.
    ///
    /// @param type of the media, for instance `image/png`; null where the format doesn't say
    /// @param base64 as the client wrote it
    record Inline(@Nullable String type, String base64) implements Media {}

    /// Somewhere else.
    record Link(String url) implements Media {}

    /// A text.
    record Plain(String text) implements Media {}

    /// Stored with a service that only its own format knows.
    record Stored(String id) implements Media {}
}
