package dev.olla.http;

/// What a client's connection is doing; the comments say which limit may end it.
enum ClientPhase {
    /// Waits for a request: the idle limit.
    IDLE,
    /// Part of a head has arrived: the limit for heads.
    HEAD,
    /// The head is complete, the body is not: the limit for requests.
    BODY,
    /// The head is complete, and the handler takes the body as it comes: the limit for silence.
    STREAMING,
    /// The body is complete and on its way into a file: no limit.
    STORING,
    /// The handler is at work: the limit for stalled writes.
    ANSWERING,
    /// The connection has gone over to another protocol: the limit for stalled writes.
    SWITCHED,
    /// The last answer is on its way: the limit for stalled writes.
    CLOSING,
    /// The last answer is sent; what still arrives is dropped until the client closes, within bounds.
    LINGERING;

    /// Whether what arrives is of no use any more.
    boolean isEnding() {
        return this == CLOSING || this == LINGERING;
    }
}
