package dev.olla.api;

import dev.olla.http.Exchange;
import java.time.InstantSource;
import java.util.List;

/// What was translated between formats: `/internal/stats/translators`. Nothing is, so far.
public final class TranslatorsPage {

    private final InstantSource clock;

    public TranslatorsPage(InstantSource clock) {
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        Json.respond(
                exchange,
                new Page(
                        HumanFormat.timestamp(clock.instant()),
                        List.of(),
                        new Summary(0, 0, 0, "0%", 0, 0, "0%", 0, 0)));
    }

    record Page(String timestamp, List<String> translators, Summary summary) {}

    record Summary(
            int totalTranslators,
            int activeTranslators,
            long totalRequests,
            String overallSuccessRate,
            long totalPassthrough,
            long totalTranslations,
            String overallPassthroughRate,
            long totalStreaming,
            long totalNonStreaming) {}
}
