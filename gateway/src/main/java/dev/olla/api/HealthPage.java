package dev.olla.api;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.nio.charset.StandardCharsets;

/// Tells that the process answers; says nothing of the servers behind it.
public final class HealthPage {

    private static final byte[] BODY = "{\"status\":\"healthy\"}".getBytes(StandardCharsets.UTF_8);

    public void handle(Exchange exchange) {
        exchange.respond(200, Headers.of("Content-Type", Json.CONTENT_TYPE), BODY);
    }
}
