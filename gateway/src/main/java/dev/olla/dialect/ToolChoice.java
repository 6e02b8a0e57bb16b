package dev.olla.dialect;

/// Whether the model has to use a tool.
public sealed interface ToolChoice {

    /// As it sees fit.
    record Auto() implements ToolChoice {}

    /// Not at all.
    record None() implements ToolChoice {}

    /// One at least, whichever.
    record Any() implements ToolChoice {}

    /// That one.
    record Named(String name) implements ToolChoice {}
}
