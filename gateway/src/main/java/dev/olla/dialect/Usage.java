package dev.olla.dialect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an answer has cost; nothing here is guessed.
///
/// @param inputTokens all that were read, cached ones included; null where the server doesn't say
/// @param outputTokens all that were written, thoughts included; null where the server doesn't say
/// @param cachedTokens how many of the input the server had read before; null where it doesn't say
/// @param reasoningTokens how many of the output were thoughts; null where the server doesn't say
/// @param load how long the model took to load; null where the server doesn't say
/// @param prompt how long reading took; null where the server doesn't say
/// @param generation how long writing took; null where the server doesn't say
public record Usage(
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long cachedTokens,
        @Nullable Long reasoningTokens,
        @Nullable Duration load,
        @Nullable Duration prompt,
        @Nullable Duration generation) {

    public static final Usage UNKNOWN = new Usage(null, null, null, null, null, null, null);

    public static Usage of(@Nullable Long inputTokens, @Nullable Long outputTokens) {
        return new Usage(inputTokens, outputTokens, null, null, null, null, null);
    }
}
