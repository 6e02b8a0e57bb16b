package dev.olla.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one request went, or would go, and why. Holds no prompt, no answer and no credential.
///
/// @param at when it arrived, RFC 3339
/// @param model as the client spelled it; null when it named none
/// @param format the client's: `openai`, `openai-responses`, `anthropic` or `ollama`
/// @param serverFormat what it was put into for the server asked last; null where that got it as it was
/// @param routing null when there was nothing to decide
/// @param candidates every endpoint of the fleet, in configuration order
/// @param queueMs how long it waited for a place
/// @param outcome null when nothing was sent
/// @param endpoint the one that answered or was tried last, or would be tried first; null when none
/// @param tokens null where the answer didn't tell
public record DecisionRecord(
        String id,
        String at,
        @Nullable String model,
        String format,
        @Nullable String serverFormat,
        @Nullable Routing routing,
        List<Considered> candidates,
        long queueMs,
        List<Tried> attempts,
        @Nullable String outcome,
        @Nullable String endpoint,
        @Nullable Tokens tokens) {

    public DecisionRecord {
        candidates = List.copyOf(candidates);
        attempts = List.copyOf(attempts);
    }

    /// As the `X-Olla-Routing-*` fields tell it.
    public record Routing(String strategy, String decision, String reason) {}

    /// An endpoint that was thought of.
    ///
    /// @param score what the balancer compares, higher is better; null for one that could not be chosen
    /// @param reason why it was not chosen, in words; null for the one that was
    public record Considered(
            String name,
            String status,
            @Nullable Double score,
            @Nullable String reason) {}

    /// An attempt at an endpoint.
    ///
    /// @param status of the answer; 0 without one
    /// @param result a word
    public record Tried(String endpoint, int status, String result, long ms) {}

    public record Tokens(@Nullable Long input, @Nullable Long output) {}

    /// All in one line, for the log.
    public String line() {
        StringBuilder line = new StringBuilder();
        line.append(model == null ? "no model" : model).append(" -> ").append(endpoint == null ? "nobody" : endpoint);
        if (routing != null) {
            line.append(" (")
                    .append(routing.strategy())
                    .append(": ")
                    .append(routing.reason())
                    .append(')');
        }
        for (Considered considered : candidates) {
            if (considered.reason() != null) {
                line.append("; ").append(considered.name()).append(": ").append(considered.reason());
            }
        }
        return line.toString();
    }
}
