package dev.olla.request.stream;

import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.RequestOutcome.Result;
import org.jspecify.annotations.Nullable;

/// Hears how a relayed answer ended, once.
@FunctionalInterface
public interface RelayListener {

    /// @param status that the client was answered with
    /// @param bytes of the body that were relayed
    /// @param figures what the answer told of itself
    /// @param message why it failed; null when it didn't
    void ended(Result result, int status, long bytes, AnswerFigures figures, @Nullable String message);
}
