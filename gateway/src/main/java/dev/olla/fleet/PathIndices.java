package dev.olla.fleet;

/// Which of a profile's paths is for what: positions in [ProfileApi#paths], -1 where there is none.
public record PathIndices(int health, int models, int completions, int chatCompletions, int embeddings) {
    public static final PathIndices FIRST = new PathIndices(0, 0, 0, 0, 0);
}
