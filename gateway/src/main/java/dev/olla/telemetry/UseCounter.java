package dev.olla.telemetry;

import dev.olla.telemetry.DecisionRecord.Tried;
import java.time.Instant;

/// Counts the attempts at one endpoint, for one model or for all. Guarded by its owner.
final class UseCounter {

    private final String endpoint;
    private long requests;
    private long successes;
    private long failures;
    private long successMillis;
    private long consecutiveErrors;
    private long inputTokens;
    private long outputTokens;
    private Instant lastUsed = Instant.EPOCH;

    UseCounter(String endpoint) {
        this.endpoint = endpoint;
    }

    void add(Tried attempt, Instant now) {
        requests++;
        lastUsed = now;
        if (attempt.result().equals(RequestOutcome.word(RequestOutcome.Result.SUCCESS))) {
            successes++;
            successMillis += attempt.ms();
            consecutiveErrors = 0;
        } else if (!attempt.result().equals(RequestOutcome.word(RequestOutcome.Result.CLIENT_LEFT))) {
            failures++;
            consecutiveErrors++;
        }
    }

    /// What an answer from there told.
    void add(AnswerFigures figures) {
        Long read = figures.inputTokens();
        Long written = figures.outputTokens();
        inputTokens += read == null ? 0 : read;
        outputTokens += written == null ? 0 : written;
    }

    UseFigures figures() {
        long average = successes == 0 ? 0 : successMillis / successes;
        return new UseFigures(
                endpoint,
                requests,
                successes,
                failures,
                average,
                lastUsed,
                consecutiveErrors,
                inputTokens,
                outputTokens);
    }
}
