package dev.olla.http;

/// Why a request could not be taken while it was read (RFC 9110 §15.5, RFC 6585 §5).
///
/// @param message what is wrong, in words for the client
public record RequestProblem(Kind kind, String message) {

    /// The reason, with the status that it is answered with.
    public enum Kind {
        MALFORMED(400),
        BODY_TIMEOUT(408),
        BODY_TOO_LARGE(413),
        EXPECTATION_FAILED(417),
        HEADERS_TOO_LARGE(431),
        TRANSFER_CODING_UNKNOWN(501),
        /// There is no memory for the body, and no file.
        NO_ROOM(503),
        VERSION_UNSUPPORTED(505);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
