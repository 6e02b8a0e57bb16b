package dev.olla.request.send;

import dev.olla.http.ResponseHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the endpoints that refused one request by 429 said of when to come back.
///
/// Lives on the event loop of its request.
final class RetryAfterTally {

    private static final String FIELD = "Retry-After";
    private static final int TOO_MANY = 429;

    private int refusals;
    private boolean others;
    private @Nullable Duration shortest;
    private @Nullable String asWritten;

    /// @param pause that the head asks for; null where it asks for none
    void answered(ResponseHead head, @Nullable Duration pause) {
        if (head.status() != TOO_MANY) {
            others = true;
            return;
        }
        refusals++;
        if (pause != null && (shortest == null || pause.compareTo(shortest) < 0)) {
            shortest = pause;
            asWritten = head.headers().first(FIELD);
        }
    }

    /// The head of the last refusal, saying when the first of all endpoints will be back; any other head as it is.
    ResponseHead shortest(ResponseHead head) {
        if (head.status() != TOO_MANY || others || refusals < 2 || asWritten == null) {
            return head;
        }
        return new ResponseHead(TOO_MANY, head.headers().copy().set(FIELD, asWritten));
    }
}
