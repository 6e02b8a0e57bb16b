package dev.olla.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.olla.http.Exchange;
import dev.olla.telemetry.StickyFigures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is counted of sticky sessions: `/internal/stats/sticky`.
public final class StickyPage {

    private final Supplier<@Nullable StickyFigures> figures;

    /// @param figures gives null while sessions are not kept together
    public StickyPage(Supplier<@Nullable StickyFigures> figures) {
        this.figures = figures;
    }

    public void handle(Exchange exchange) {
        StickyFigures now = figures.get();
        Json.respond(exchange, now == null ? new Page(false, null) : new Page(true, now));
    }

    record Page(boolean enabled, @JsonUnwrapped @Nullable StickyFigures figures) {}
}
