package dev.olla.request;

import dev.olla.dialect.BadRequest;

/// Why a request is refused.
///
/// @param status 400 to 599
/// @param code a word for programs
/// @param message for people
record Refusal(int status, String code, String message) {

    /// Of a request that is wrong in itself, or that no server can be asked.
    static Refusal of(BadRequest why) {
        return of(why, "");
    }

    /// The same of a Messages request, in the words of the original, which tell where it would have found the mistake.
    ///
    /// @param asItIs whether a server would have got it as it is
    static Refusal ofMessages(BadRequest why, boolean asItIs) {
        return switch (why.kind()) {
            case MALFORMED -> of(why, asItIs ? "invalid Anthropic request: " : "failed to parse Anthropic request: ");
            case INVALID -> of(why, asItIs ? "request validation failed: " : "invalid request: ");
            case UNTRANSLATABLE, GONE -> of(why);
        };
    }

    private static Refusal of(BadRequest why, String prefix) {
        String message = prefix + why.getMessage();
        return switch (why.kind()) {
            case MALFORMED, INVALID -> new Refusal(400, "invalid_request", message);
            case UNTRANSLATABLE -> new Refusal(400, "unsupported_parameter", message);
            case GONE -> new Refusal(404, "previous_response_not_found", message);
        };
    }
}
