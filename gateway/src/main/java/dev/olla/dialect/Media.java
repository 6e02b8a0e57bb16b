package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the bytes of an image or a document are.
public sealed interface Media {

    /// In the request itself.
    ///
    /// @param type of the media, for instance `image/png`; null where the format doesn't say
    /// @param base64 as the client wrote it
    record Inline(@Nullable String type, String base64) implements Media {}

    /// Somewhere else. A `data:` URL that isn't in base64 is one of these too.
    record Link(String url) implements Media {}

    /// A text.
    record Plain(String text) implements Media {}

    /// Texts and images one after the other: a document that was taken apart already.
    record Pieces(List<Part> parts) implements Media {
        public Pieces {
            parts = List.copyOf(parts);
        }
    }

    /// Stored with a service that only its own format knows.
    record Stored(String id) implements Media {}
}
