package dev.olla.fleet;

import org.jspecify.annotations.Nullable;

/// Where a kind of server takes which sort of request, and how its model list reads; a path is null where none is
/// told.
///
/// @param listFormat the format of the model list, a name of [ModelListFormat]
/// @param generatePath of Ollama's own completions
public record ParsingRules(
        String listFormat,
        @Nullable String chatCompletionsPath,
        @Nullable String completionsPath,
        @Nullable String generatePath,
        @Nullable String embeddingsPath) {

    public static final String OPENAI = "openai";

    /// No paths.
    public static ParsingRules of(String listFormat) {
        return new ParsingRules(listFormat, null, null, null, null);
    }
}
