package dev.olla.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// Tells the log what becomes of requests: when one comes, each time it is sent, each attempt that fails, how it
/// ends.
public final class RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger(Logging.REQUESTS);

    /// Why a request ended whose client no longer read.
    public static final String STALLED = "server.write_timeout ran out: the client took nothing";

    /// Why a request failed that was still running when the gateway had to end.
    public static final String CUT = "cut by the shutdown: server.shutdown_timeout ran out";

    /// What others call a client that left before an answer.
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private final SystemStatistics statistics;

    public RequestLog(SystemStatistics statistics) {
        this.statistics = statistics;
    }

    /// A request to the fleet has come.
    ///
    /// @param path as the client asked, without the query
    public void received(String id, String method, String path, long bodyBytes) {
        if (LOG.isInfoEnabled()) {
            LOG.atInfo()
                    .addKeyValue("request_id", id)
                    .addKeyValue("method", method)
                    .addKeyValue("path", path)
                    .addKeyValue("bytes_in", bodyBytes)
                    .log("Request received");
        }
    }

    /// It is sent to an endpoint.
    ///
    /// @param attempt from 1
    public void dispatching(String id, String endpoint, int attempt, @Nullable String model) {
        if (LOG.isInfoEnabled()) {
            var event = LOG.atInfo()
                    .addKeyValue("request_id", id)
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("attempt", attempt);
            (model == null ? event : event.addKeyValue("model", model)).log("Request dispatching");
        }
    }

    /// The gateway itself refused a request.
    public void refused(String id, String method, String path, int status, String reason) {
        LOG.atWarn()
                .addKeyValue("request_id", id)
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .addKeyValue("status", status)
                .addKeyValue("error", reason)
                .log("Request rejected");
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
                .addKeyValue(
                        "status", shownStatus(outcome.status(), outcome.result() != RequestOutcome.Result.CLIENT_LEFT))
                .addKeyValue("duration_ms", outcome.millis())
                .addKeyValue("bytes", outcome.bytes())
                .addKeyValue("result", outcome.result());
        if (outcome.model() != null) {
            event = event.addKeyValue("model", outcome.model());
        }
        if (outcome.endpoint() != null) {
            event = event.addKeyValue("endpoint", outcome.endpoint()).addKeyValue("attempts", outcome.attempts());
        }
        event = withFigures(event, outcome.figures());
        if (outcome.message() != null) {
            event = event.addKeyValue("error", outcome.message());
        }
        event.log(message);
    }

    private static LoggingEventBuilder withFigures(LoggingEventBuilder event, AnswerFigures figures) {
        Double rate = figures.tokensPerSecond();
        LoggingEventBuilder with = with(event, "input_tokens", figures.inputTokens());
        with = with(with, "output_tokens", figures.outputTokens());
        with = with(with, "total_tokens", figures.totalTokens());
        with = with(with, "tokens_per_sec", rate == null ? null : String.format(Locale.ROOT, "%.1f", rate));
        with = with(with, "ttft_ms", figures.firstTokenMillis());
        with = with(with, "provider_model", figures.model());
        if (!LOG.isDebugEnabled()) {
            return with;
        }
        with = with(with, "load_ms", figures.loadMillis());
        with = with(with, "prompt_ms", figures.promptMillis());
        with = with(with, "generation_ms", figures.generationMillis());
        return with(with, "finish_reason", figures.finishReason());
    }

    private static LoggingEventBuilder with(LoggingEventBuilder event, String key, @Nullable Object value) {
        return value == null ? event : event.addKeyValue(key, value);
    }

    /// @param stayed whether the client was there to the end; a status of 0 is then shown as it is
    static int shownStatus(int status, boolean stayed) {
        return status == 0 && !stayed ? CLIENT_CLOSED_REQUEST : status;
    }

    /// One attempt failed; the request may go on to another endpoint.
    ///
    /// @param limit the setting that ran out; null when none did
    public void attemptFailed(String id, String endpoint, int attempt, String reason, @Nullable String limit) {
        if (LOG.isWarnEnabled()) {
            var event = LOG.atWarn()
                    .addKeyValue("request_id", id)
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("attempt", attempt)
                    .addKeyValue("error", reason);
            (limit == null ? event : event.addKeyValue("limit", limit)).log("Attempt failed");
        }
    }

    public SystemStatistics statistics() {
        return statistics;
    }
}
