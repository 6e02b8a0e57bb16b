package dev.olla.api;

import dev.olla.http.Exchange;
import dev.olla.telemetry.TranslatorFigures;
import dev.olla.telemetry.TranslatorStatistics;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What was translated between formats, and what was not: `/internal/stats/translators`.
public final class TranslatorsPage {

    private final TranslatorStatistics statistics;
    private final InstantSource clock;

    public TranslatorsPage(TranslatorStatistics statistics, InstantSource clock) {
        this.statistics = statistics;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        List<TranslatorFigures> figures = statistics.figures();
        Json.respond(
                exchange,
                new Page(
                        HumanFormat.timestamp(clock.instant()),
                        figures.stream().map(Translator::of).toList(),
                        Summary.of(figures)));
    }

    private static String rate(long part, long whole) {
        return HumanFormat.percent(whole == 0 ? 0 : 100.0 * part / whole);
    }

    record Page(String timestamp, List<Translator> translators, Summary summary) {}

    /// @param serverFormats how many went to servers of which format: ours, beside the original's fields
    record Translator(
            String translatorName,
            long totalRequests,
            long successfulRequests,
            long failedRequests,
            String successRate,
            long passthroughRequests,
            long translationRequests,
            String passthroughRate,
            long streamingRequests,
            long nonStreamingRequests,
            long fallbackNoCompatibleEndpoints,
            long fallbackTranslatorDoesNotSupportPassthrough,
            long fallbackCannotPassthrough,
            String averageLatency,
            Map<String, Long> serverFormats) {

        static Translator of(TranslatorFigures of) {
            return new Translator(
                    of.name(),
                    of.requests(),
                    of.successes(),
                    of.failures(),
                    rate(of.successes(), of.requests()),
                    of.passthrough(),
                    of.translations(),
                    rate(of.passthrough(), of.requests()),
                    of.streaming(),
                    of.requests() - of.streaming(),
                    of.noEndpoints(),
                    0,
                    of.cannotPassThrough(),
                    HumanFormat.latency(of.meanMillis()),
                    of.to());
        }
    }

    record Summary(
            int totalTranslators,
            int activeTranslators,
            long totalRequests,
            String overallSuccessRate,
            long totalPassthrough,
            long totalTranslations,
            String overallPassthroughRate,
            long totalStreaming,
            long totalNonStreaming) {

        static Summary of(List<TranslatorFigures> all) {
            long requests = sum(all, TranslatorFigures::requests);
            long passthrough = sum(all, TranslatorFigures::passthrough);
            long streaming = sum(all, TranslatorFigures::streaming);
            return new Summary(
                    all.size(),
                    all.size(),
                    requests,
                    rate(sum(all, TranslatorFigures::successes), requests),
                    passthrough,
                    requests - passthrough,
                    rate(passthrough, requests),
                    streaming,
                    requests - streaming);
        }

        private static long sum(List<TranslatorFigures> all, ToLongFunction<TranslatorFigures> field) {
            return all.stream().mapToLong(field).sum();
        }
    }
}
