package dev.olla.api;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.nio.charset.StandardCharsets;

/// Stands where the dashboard is going to be: this build has no files of it.
public final class DashboardPage {

    public static final String PATH = "/internal/ui/";

    private static final byte[] MISSING =
            "503 the dashboard is not part of this build; see /internal/status\n".getBytes(StandardCharsets.UTF_8);

    private static Headers headers() {
        return Headers.of("Content-Type", "text/plain; charset=utf-8").set("X-Content-Type-Options", "nosniff");
    }

    public void handle(Exchange exchange) {
        exchange.respond(503, headers(), MISSING);
    }

    /// The path without its slash.
    public void redirect(Exchange exchange) {
        exchange.respond(307, headers().set("Location", PATH), new byte[0]);
    }
}
