package dev.olla.request;

import dev.olla.http.Body;
import dev.olla.request.inspect.Inspection;
import org.jspecify.annotations.Nullable;

/// What Anthropic's API asks of a request before a server is looked for, in the words of the original.
///
/// @param maxBytes of a body
record MessagesRules(long maxBytes) {

    /// How a request breaks a rule.
    ///
    /// @param code a word for programs
    /// @param message for people
    record Breach(int status, String code, String message) {}

    /// Null where the length is fine.
    @Nullable
    Breach length(Body body) {
        if (body.length() > maxBytes) {
            return new Breach(413, "request_too_large", "request body exceeds maximum size (" + maxBytes + " bytes)");
        }
        return body.isEmpty() ? invalid("empty request body") : null;
    }

    /// Null where a model is named.
    static @Nullable Breach model(Inspection body) {
        if (body.model() != null) {
            return null;
        }
        String wrong = body.wrongModel();
        if (wrong == null) {
            return invalid("model field is required (body may not be valid JSON)");
        }
        return wrong.equals(Inspection.EMPTY_MODEL)
                ? invalid("model field must not be empty")
                : invalid("model field must be a string, got " + wrong);
    }

    private static Breach invalid(String message) {
        return new Breach(400, "invalid_request", message);
    }
}
