package dev.olla.dialect;

/// Why an answer ended.
public enum StopReason {
    /// It is complete.
    END,
    /// One of the texts that end an answer came.
    STOP_SEQUENCE,
    /// It is as long as it may be.
    LENGTH,
    /// The model waits for tools.
    TOOL_USE,
    /// The model, or a filter, declines.
    REFUSAL,
    /// Ollama only: the model was loaded, nothing was asked.
    LOADED,
    /// Ollama only: the model was unloaded.
    UNLOADED
}
