package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;

/// Refuses what makes no sense in front of many servers.
public final class NotSupported {

    private final String message;

    /// @param message names what isn't supported
    public NotSupported(String message) {
        this.message = message;
    }

    public void handle(Exchange exchange) {
        ErrorAnswer.respond(exchange, 501, "not_supported", message);
    }
}
