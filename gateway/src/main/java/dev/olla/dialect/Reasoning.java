package dev.olla.dialect;

import org.jspecify.annotations.Nullable;

/// Whether and how long the model thinks before it answers; what is null is left to the server.
///
/// @param enabled false forbids it
/// @param effort `minimal`, `low`, `medium`, `high`, or a word that only the server knows
/// @param budgetTokens the most that it may think
/// @param visible whether the client wants to see the thoughts
public record Reasoning(
        @Nullable Boolean enabled,
        @Nullable String effort,
        @Nullable Long budgetTokens,
        @Nullable Boolean visible) {

    public static final Reasoning STANDARD = new Reasoning(null, null, null, null);

    private static final long MOST_OF_LOW = 2_048;
    private static final long MOST_OF_MEDIUM = 8_192;

    /// The effort asked for; where only a budget is, the effort that comes nearest to it. Null where nobody says.
    public @Nullable String nearestEffort() {
        if (effort != null || budgetTokens == null) {
            return effort;
        }
        if (budgetTokens <= MOST_OF_LOW) {
            return "low";
        }
        return budgetTokens <= MOST_OF_MEDIUM ? "medium" : "high";
    }
}
