package dev.olla.config;

import dev.olla.request.send.RetrySettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads `proxy.retry`.
final class RetryReader {

    private RetryReader() {}

    static RetrySettings read(Section section) {
        RetrySettings standard = RetrySettings.DEFAULTS;
        return new RetrySettings(
                section.bool("enabled", standard.enabled()),
                section.bool("on_connection_failure", standard.onConnectionFailure()),
                statuses(section),
                section.integer("max_attempts", standard.maxAttempts(), Range.atLeast(0)),
                section.integer("budget_percent", standard.budgetPercent(), Range.PERCENT),
                section.integer("budget_min_per_second", standard.budgetMinPerSecond(), Range.atLeast(0)));
    }

    private static Set<Integer> statuses(Section section) {
        Set<Integer> statuses = new LinkedHashSet<>();
        for (String text : section.texts("on_status", List.of("429", "502", "503"))) {
            if (text.matches("[45]\\d\\d")) {
                statuses.add(Integer.parseInt(text));
            } else {
                section.error("on_status", Secrets.shown(text) + " is not allowed: a status is 400 to 599");
            }
        }
        return statuses;
    }
}
