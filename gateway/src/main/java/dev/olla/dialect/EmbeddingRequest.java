package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts that a client wants as vectors.
///
/// @param model as the client spelled it
/// @param dimensions how long the vectors may be; null where the client leaves it to the model
/// @param truncate whether a text that is too long is cut; null where the client leaves it to the server
/// @param base64 whether the vectors are wanted as the bytes of 32-bit numbers, little end first, in base64
/// @param user who asks, as the client names its own user; null where it doesn't say
/// @param extras fields that this model has no word for
public record EmbeddingRequest(
        String model,
        List<String> inputs,
        @Nullable Long dimensions,
        @Nullable Boolean truncate,
        boolean base64,
        @Nullable String user,
        Extras extras) {

    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
    }
}
