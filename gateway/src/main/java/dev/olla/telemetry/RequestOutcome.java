package dev.olla.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How one proxied request ended; there is exactly one for each.
///
/// @param path as the client asked, without the query
/// @param model as the client spelled it; null when the request named none
/// @param endpoint the one that answered or was tried last; null when none was
/// @param status that the client was answered with; 0 when it left before
/// @param attempts how many endpoints were tried
/// @param bytes of the answer's body that were relayed
/// @param millis from the arrival of the request to its end
/// @param figures what the answer told of itself
/// @param message why it failed; null when it didn't
public record RequestOutcome(
        String id,
        String method,
        String path,
        @Nullable String model,
        @Nullable String endpoint,
        int status,
        Result result,
        int attempts,
        long bytes,
        long millis,
        AnswerFigures figures,
        @Nullable String message) {

    /// The result as pages show it.
    public static String word(Result result) {
        return result.word;
    }

    /// What became of a request.
    public enum Result {
        SUCCESS,
        /// The server answered with a 5xx, or with something that is no answer.
        BACKEND_ERROR,
        /// The answer broke off.
        TRUNCATED,
        TIMEOUT,
        CLIENT_LEFT,
        /// It was refused before any endpoint was tried.
        REJECTED,
        /// No endpoint could be reached, or the gateway ended first.
        FAILED;

        private final String word = name().toLowerCase(Locale.ROOT);
    }
}
