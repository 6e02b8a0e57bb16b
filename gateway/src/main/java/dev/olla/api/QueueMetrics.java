package dev.olla.api;

import dev.olla.telemetry.QueueFigures;
import dev.olla.telemetry.QueueStatistics;
import java.util.function.Supplier;

/// The metrics of requests that wait for a place.
///
/// @param now what waits
/// @param statistics how long requests waited so far
public record QueueMetrics(Supplier<QueueFigures> now, QueueStatistics statistics) {

    void writeTo(MetricsText text) {
        text.gauge("queue_waiting", "Requests that wait for a place.");
        for (QueueFigures.Model model : now.get().models()) {
            text.sample(model.waiting(), "model", model.model());
        }
        waits(text);
        text.counter("queue_rejected_total", "Requests that waited in vain, or could not wait.")
                .sample(statistics.rejectedAsFull(), "reason", "full")
                .sample(statistics.rejectedAsLate(), "reason", "timeout")
                .sample(statistics.rejectedAsGone(), "reason", "no_endpoint");
    }

    private void waits(MetricsText text) {
        text.histogram("queue_wait_seconds", "How long requests waited that got their place.");
        double together = statistics.waitedTogether().toNanos() / 1e9;
        long count = 0;
        for (int bucket = 0; bucket < QueueStatistics.BUCKETS.size(); bucket++) {
            count += statistics.waits(bucket);
            double end = QueueStatistics.BUCKETS.get(bucket).toNanos() / 1e9;
            text.part("_bucket", count, "le", MetricsText.number(end));
        }
        count += statistics.waits(QueueStatistics.BUCKETS.size());
        text.part("_bucket", count, "le", "+Inf").part("_sum", together).part("_count", count);
    }
}
