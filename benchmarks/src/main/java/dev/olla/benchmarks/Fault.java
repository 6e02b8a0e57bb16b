package dev.olla.benchmarks;

import java.util.Locale;

/// A way in which an answer can fail.
enum Fault {
    /// No connection could be made.
    NOT_CONNECTED,
    /// The status was not 200.
    NOT_200,
    /// The connection ended before the answer did.
    CLOSED_EARLY,
    /// The answer was not HTTP/1.1, or came without having been asked for.
    MALFORMED,
    /// The answer had not ended when the run was given up.
    UNFINISHED,
    /// An event of a stream never came.
    LOST,
    /// An event came after one with a higher number.
    REORDERED,
    /// An event or an answer is not, byte for byte, what the backend sent.
    ALTERED,
    /// An event came twice.
    REPEATED;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
