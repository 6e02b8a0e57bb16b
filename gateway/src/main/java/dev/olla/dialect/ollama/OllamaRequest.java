package dev.olla.dialect.ollama;

import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;

/// What a request to `/api/chat` or `/api/generate` asks for.
public sealed interface OllamaRequest {

    /// A turn of a conversation.
    record Conversing(Conversation conversation) implements OllamaRequest {}

    /// A text to be gone on with, or a gap in one to be filled: `raw` or `suffix`.
    record Completing(Completion completion) implements OllamaRequest {}

    /// Nothing was said: the model is to be loaded.
    record Loading(String model) implements OllamaRequest {}

    /// Nothing was said, and the model needn't be kept: it is to be unloaded.
    record Unloading(String model) implements OllamaRequest {}
}
