package dev.olla.request;

import dev.olla.http.Body;
import dev.olla.request.inspect.Inspection;
import org.jspecify.annotations.Nullable;

/// What Anthropic's API asks of a request before a server is looked for, in the words of the original.
///
/// @param maxBytes of a body
record MessagesRules(long maxBytes) {

    /// Null where the length is fine.
    @Nullable
    Refusal length(Body body) {
        if (body.length() > maxBytes) {
            return new Refusal(413, "request_too_large", "request body exceeds maximum size (" + maxBytes + " bytes)");
        }
        return body.isEmpty() ? invalid("empty request body") : null;
    }

    /// Null where a model is named.
    static @Nullable Refusal model(Inspection body) {
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

    private static Refusal invalid(String message) {
        return new Refusal(400, "invalid_request", message);
    }
}
