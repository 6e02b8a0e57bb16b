package dev.olla.telemetry;

import org.jspecify.annotations.Nullable;

/// What an answer told of itself; a figure that it didn't tell is null, none is guessed.
///
/// @param model as the server names it
/// @param finishReason as the server says it
/// @param inputTokens all that were read, cached ones included
/// @param outputTokens all that were written
/// @param firstTokenMillis until the first token, as the server measured it
/// @param totalMillis as the server measured it
/// @param loadMillis how long the model took to load
/// @param promptMillis how long reading took
/// @param generationMillis how long writing took
/// @param complete whether the answer says that it is whole
public record AnswerFigures(
        @Nullable String model,
        @Nullable String finishReason,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long totalTokens,
        @Nullable Long firstTokenMillis,
        @Nullable Long totalMillis,
        @Nullable Long loadMillis,
        @Nullable Long promptMillis,
        @Nullable Long generationMillis,
        @Nullable Double tokensPerSecond,
        boolean complete) {

    public static final AnswerFigures NONE =
            new AnswerFigures(null, null, null, null, null, null, null, null, null, null, null, false);
}
