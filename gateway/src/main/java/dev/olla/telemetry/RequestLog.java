package dev.olla.telemetry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Tells the log what became of requests: one line for each that ended, one for each attempt that failed.
public final class RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger("olla.request");

    private final SystemStatistics statistics;

    public RequestLog(SystemStatistics statistics) {
        this.statistics = statistics;
    }

    /// A request was passed on to the fleet.
    public void started() {
        statistics.started();
    }

    /// Counts and logs the end of a request.
    public void ended(RequestOutcome outcome) {
        count(outcome);
        switch (outcome.result()) {
            case SUCCESS, CLIENT_LEFT -> line(Level.INFO, "Request completed", outcome);
            case REJECTED -> line(Level.WARN, "Request rejected", outcome);
            case BACKEND_ERROR, TRUNCATED, TIMEOUT, FAILED -> line(Level.ERROR, "Request failed", outcome);
        }
    }

    private void count(RequestOutcome outcome) {
        switch (outcome.result()) {
            case SUCCESS -> statistics.succeeded(outcome.millis(), outcome.bytes());
            case CLIENT_LEFT -> countLeaver(outcome);
            case BACKEND_ERROR, TRUNCATED, TIMEOUT, FAILED -> statistics.failed();
            case REJECTED -> {}
        }
    }

    /// Who left before any endpoint was tried never counted as a request.
    private void countLeaver(RequestOutcome outcome) {
        if (outcome.attempts() > 0) {
            statistics.clientLeft();
        }
    }

    private static void line(Level level, String message, RequestOutcome outcome) {
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        var event = LOG.atLevel(level)
                .addKeyValue("request_id", outcome.id())
                .addKeyValue("method", outcome.method())
                .addKeyValue("path", outcome.path())
                .addKeyValue("status", outcome.status())
                .addKeyValue("duration_ms", outcome.millis())
                .addKeyValue("bytes", outcome.bytes())
                .addKeyValue("result", outcome.result());
        if (outcome.model() != null) {
            event = event.addKeyValue("model", outcome.model());
        }
        if (outcome.endpoint() != null) {
            event = event.addKeyValue("endpoint", outcome.endpoint()).addKeyValue("attempts", outcome.attempts());
        }
        if (outcome.message() != null) {
            event = event.addKeyValue("error", outcome.message());
        }
        event.log(message);
    }

    /// One attempt failed; the request may go on to another endpoint.
    public void attemptFailed(String id, String endpoint, int attempt, String reason) {
        LOG.atWarn()
                .addKeyValue("request_id", id)
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("attempt", attempt)
                .addKeyValue("error", reason)
                .log("Attempt failed");
    }

    public SystemStatistics statistics() {
        return statistics;
    }
}
