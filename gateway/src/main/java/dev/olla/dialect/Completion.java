package dev.olla.dialect;

import org.jspecify.annotations.Nullable;

/// A text to be gone on with, without turns: OpenAI's legacy completions, and what Ollama's `generate` does beyond
/// a conversation.
///
/// @param model as the client spelled it
/// @param suffix what comes after the gap to be filled; null where there is none
/// @param raw whether the model has to get the text as it is, without a template
/// @param user who asks, as the client names its own user; null where it doesn't say
/// @param extras fields that this model has no word for
public record Completion(
        String model,
        String prompt,
        @Nullable String suffix,
        boolean raw,
        Sampling sampling,
        OutputFormat output,
        @Nullable String user,
        boolean stream,
        Extras extras) {}
