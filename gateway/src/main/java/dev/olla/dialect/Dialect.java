package dev.olla.dialect;

/// A wire format in which clients talk to models.
public enum Dialect {
    /// OpenAI Chat Completions.
    OPENAI("openai"),
    /// OpenAI Responses.
    RESPONSES("openai-responses"),
    /// Anthropic Messages.
    ANTHROPIC("anthropic"),
    /// Ollama's own API.
    OLLAMA("ollama");

    private final String word;

    Dialect(String word) {
        this.word = word;
    }

    /// The name shown in records and statistics.
    public String word() {
        return word;
    }
}
