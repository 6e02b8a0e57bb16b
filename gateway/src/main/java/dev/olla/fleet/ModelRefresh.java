package dev.olla.fleet;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Asks servers for their models right now, since a request names one that nobody is known to hold.
@FunctionalInterface
public interface ModelRefresh {

    /// What came of it.
    enum Result {
        /// At least one server listed its models.
        LISTED,
        /// It was over in time, but no server gave a list that could be read.
        UNREADABLE,
        /// It was not over in time, or discovery is switched off.
        FAILED;

        /// What came of it for all servers, from what came of it for each.
        static Result of(List<Result> results) {
            if (results.contains(LISTED)) {
                return LISTED;
            }
            return results.contains(FAILED) || results.isEmpty() ? FAILED : UNREADABLE;
        }
    }

    /// Returns at once; several calls that want the same server share one question to it.
    ///
    /// @param timeout after which the result is told, whatever is missing
    /// @param told called once, on any thread; must not block
    void refresh(List<Endpoint> endpoints, Duration timeout, Consumer<Result> told);
}
