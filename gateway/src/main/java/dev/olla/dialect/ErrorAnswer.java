package dev.olla.dialect;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;

/// Answers errors in the form that callers of the path expect.
public final class ErrorAnswer {

    private static final String REQUEST_ID = "X-Olla-Request-ID";

    private ErrorAnswer() {}

    /// @param code a word for programs, for instance `not_found`
    /// @param message for people
    public static void respond(Exchange exchange, int status, String code, String message) {
        respond(exchange, status, code, message, new Headers());
    }

    /// @param headers further fields of the answer, for instance `Retry-After`
    public static void respond(Exchange exchange, int status, String code, String message, Headers headers) {
        respond(exchange, ErrorFormat.forPath(exchange.path()), status, code, message, headers);
    }

    /// Says that something isn't done here in the form of Ollama, whose calls these are however they are spelled.
    public static void notSupported(Exchange exchange, String message) {
        respond(exchange, ErrorFormat.OLLAMA, 501, "not_supported", message, new Headers());
    }

    private static void respond(
            Exchange exchange, ErrorFormat format, int status, String code, String message, Headers headers) {
        String requestId = exchange.standingHeaders().first(REQUEST_ID);
        Headers all = headers.copy().set("Content-Type", format.contentType()).set("X-Content-Type-Options", "nosniff");
        exchange.respond(status, all, format.render(status, code, message, requestId));
    }
}
