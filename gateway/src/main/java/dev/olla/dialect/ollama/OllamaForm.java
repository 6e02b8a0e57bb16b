package dev.olla.dialect.ollama;

/// Which of Ollama's two calls for text it is.
public enum OllamaForm {
    /// `/api/chat`: messages, and one message back.
    CHAT,
    /// `/api/generate`: a prompt, and a text back.
    GENERATE
}
