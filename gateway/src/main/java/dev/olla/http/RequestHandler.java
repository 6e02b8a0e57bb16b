package dev.olla.http;

import org.jspecify.annotations.Nullable;

/// Answers requests; called on the event loop of the exchange and must not block.
public interface RequestHandler {

    /// The head of a request has arrived, its body not yet: the moment to give it an id, and to turn it away unread.
    ///
    /// @return what answers the request at once with one [Exchange#respond], its body unread; null to go on with it
    @Nullable
    Runnable arrived(Exchange exchange);

    /// The whole request has arrived.
    void handle(Exchange exchange);

    /// The request can't be taken: the handler answers with the problem's status, in the words of the caller's
    /// format. The connection is closed after the answer.
    void refuse(Exchange exchange, RequestProblem problem);

    /// The exchange is over: its last byte was handed to the connection, or the client left. Called once for each
    /// exchange that [#arrived].
    ///
    /// @param status of the answer; 0 when there was none
    /// @param bytes of the answer's body, before framing
    default void ended(Exchange exchange, int status, long bytes) {}

    /// Something failed that should not: for the log.
    void unexpected(Throwable cause);
}
