package dev.olla.testbed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A way in which a simulated server misbehaves, on inference and list paths alike unless it says otherwise.
public sealed interface Fault {

    /// The listener is closed, idle connections too; running answers are completed.
    record Refuse() implements Fault {}

    /// The connection is accepted and reset (RST) when the request has arrived.
    record Reset() implements Fault {}

    /// The request is read and never answered.
    record Hang() implements Fault {}

    /// The answer begins later than it would by `delay`.
    record SlowFirstByte(Duration delay) implements Fault {}

    /// A stream falls silent after so many content chunks; a sized answer after half its body (none of it for 0).
    record StallAfter(int chunks) implements Fault {}

    /// Like `StallAfter`, but the connection is closed (FIN) instead of falling silent.
    record DropAfter(int chunks) implements Fault {}

    /// Every request is answered with this status, in the error envelope of the path's dialect.
    record Status(int status, @Nullable String retryAfter) implements Fault {}

    /// A share of the requests, between 0 and 1, meets the inner fault; equal seeds choose equally.
    record Flaky(double share, Fault inner, long seed) implements Fault {
        public Flaky {
            if (share < 0 || share > 1) {
                throw new IllegalArgumentException("share must be between 0 and 1, not " + share);
            }
            if (inner instanceof Refuse || inner instanceof Flaky) {
                throw new IllegalArgumentException("only faults of a single request can be flaky, not " + inner);
            }
        }
    }

    /// Health paths answer 503, everything else works.
    record FailHealthOnly() implements Fault {}

    /// The JSON of a sized answer is cut in half; a stream carries one broken event after its first content chunk.
    record MalformedJson() implements Fault {}

    /// `Content-Length` is wrong by `delta`, streams become sized, and the connection is closed after the answer.
    record WrongContentLength(int delta) implements Fault {}

    /// The connection is closed (FIN) when the request has arrived.
    record CloseBeforeAnswer() implements Fault {}

    static Fault refuse() {
        return new Refuse();
    }

    static Fault reset() {
        return new Reset();
    }

    static Fault hang() {
        return new Hang();
    }

    static Fault slowFirstByte(Duration delay) {
        return new SlowFirstByte(delay);
    }

    static Fault stallAfter(int chunks) {
        return new StallAfter(chunks);
    }

    static Fault dropAfter(int chunks) {
        return new DropAfter(chunks);
    }

    static Fault status(int status) {
        return new Status(status, null);
    }

    static Fault status(int status, String retryAfter) {
        return new Status(status, retryAfter);
    }

    static Fault flaky(double share, Fault inner, long seed) {
        return new Flaky(share, inner, seed);
    }

    static Fault failHealthOnly() {
        return new FailHealthOnly();
    }

    static Fault malformedJson() {
        return new MalformedJson();
    }

    static Fault wrongContentLength(int delta) {
        return new WrongContentLength(delta);
    }

    static Fault closeBeforeAnswer() {
        return new CloseBeforeAnswer();
    }
}
