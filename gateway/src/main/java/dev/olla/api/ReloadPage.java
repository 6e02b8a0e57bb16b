package dev.olla.api;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.util.List;
import java.util.function.Supplier;

/// Reads the configuration again on demand: `POST /internal/reload`.
///
/// Who may ask is for the gate in front of it to say.
public final class ReloadPage {

    private final Supplier<ConfigStatus.Reload> reload;

    /// @param reload may block, so it is called on a virtual thread
    public ReloadPage(Supplier<ConfigStatus.Reload> reload) {
        this.reload = reload;
    }

    private record Applied(String status, List<String> changed, List<String> restartRequired) {}

    private record Refused(String status, List<String> errors) {}

    public void handle(Exchange exchange) {
        Thread.ofVirtual().name("reload-on-demand").start(() -> {
            ConfigStatus.Reload result = reload.get();
            exchange.loop().execute(() -> answer(exchange, result));
        });
    }

    private static void answer(Exchange exchange, ConfigStatus.Reload result) {
        Object body = result.applied()
                ? new Applied(result.word(), result.changed(), result.restartRequired())
                : new Refused(result.word(), result.errors());
        exchange.respond(
                result.applied() ? 200 : 422,
                Headers.of("Content-Type", Json.CONTENT_TYPE),
                Json.MAPPER.writeValueAsBytes(body));
    }
}
