package dev.olla.http;

/// Why a call to a server did not end with a whole answer.
///
/// @param kind what happened
/// @param reusedConnection whether the request went out on a connection that had served another before
/// @param message for logs and errors; names no credential
public record UpstreamFailure(Kind kind, boolean reusedConnection, String message) {

    /// What happened, in the order in which a call can meet it.
    public enum Kind {
        UNKNOWN_HOST,
        REFUSED,
        UNREACHABLE,
        CONNECT_TIMEOUT,
        TLS_TIMEOUT,
        /// The certificate or the handshake was not acceptable.
        TLS_FAILED,
        /// The connection was reset before a byte of the answer.
        RESET,
        /// The connection was closed before a byte of the answer.
        CLOSED,
        /// No head within the limit for the head.
        HEAD_TIMEOUT,
        /// The answer breaks RFC 9112: bad status line, two lengths, oversized head, bad chunk.
        MALFORMED,
        /// The answer ended before its end.
        TRUNCATED,
        /// Silence in the body for longer than the limit.
        READ_TIMEOUT,
        /// The whole answer took longer than its limit.
        TOTAL_TIMEOUT
    }
}
