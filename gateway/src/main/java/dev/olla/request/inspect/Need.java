package dev.olla.request.inspect;

/// What a request asks of a model beyond text.
public enum Need {
    VISION,
    FUNCTIONS,
    EMBEDDINGS,
    CODE
}
