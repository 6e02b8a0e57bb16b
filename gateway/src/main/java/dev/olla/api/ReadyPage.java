package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// Tells whether requests may be sent here: after the first look at the servers, whatever it found, until the stop.
public final class ReadyPage {

    private final Fleet fleet;
    private final BooleanSupplier draining;

    /// @param draining whether the gateway is about to stop
    public ReadyPage(Fleet fleet, BooleanSupplier draining) {
        this.fleet = fleet;
        this.draining = draining;
    }

    public void handle(Exchange exchange) {
        if (draining.getAsBoolean()) {
            answer(exchange, 503, "draining");
        } else if (fleet.ready()) {
            answer(exchange, 200, "ready");
        } else {
            answer(exchange, 503, "starting");
        }
    }

    private static void answer(Exchange exchange, int status, String word) {
        byte[] body = ("{\"status\":\"" + word + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.respond(status, Headers.of("Content-Type", Json.CONTENT_TYPE), body);
    }
}
