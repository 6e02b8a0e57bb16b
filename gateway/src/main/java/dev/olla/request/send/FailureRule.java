package dev.olla.request.send;

import dev.olla.http.UpstreamFailure;
import dev.olla.telemetry.RequestOutcome.Result;

/// What follows from a failed attempt: the one table for retry, blame and the client's status.
///
/// @param retry when another endpoint may be tried
/// @param unreachable whether the endpoint is taken for offline at once
/// @param status for the client when nothing else is tried
/// @param code the word for programs
record FailureRule(Retry retry, boolean unreachable, int status, String code, Result result) {

    /// When another endpoint may be tried.
    enum Retry {
        ALWAYS,
        /// Only a request that changes nothing when it is sent twice.
        IF_REPEATABLE,
        /// Only a method that is safe (RFC 9110 §9.2.1).
        IF_SAFE,
        NEVER
    }

    private static final FailureRule UNREACHED = new FailureRule(Retry.ALWAYS, true, 502, "bad_gateway", Result.FAILED);
    private static final FailureRule REFUSED_SESSION =
            new FailureRule(Retry.ALWAYS, false, 502, "bad_gateway", Result.FAILED);
    private static final FailureRule SLOW_CONNECT =
            new FailureRule(Retry.ALWAYS, false, 504, "upstream_timeout", Result.TIMEOUT);
    private static final FailureRule LOST_BY_RESET =
            new FailureRule(Retry.IF_REPEATABLE, true, 502, "bad_gateway", Result.FAILED);
    private static final FailureRule LOST =
            new FailureRule(Retry.IF_REPEATABLE, false, 502, "bad_gateway", Result.FAILED);
    private static final FailureRule SLOW_ANSWER =
            new FailureRule(Retry.IF_SAFE, false, 504, "upstream_timeout", Result.TIMEOUT);
    private static final FailureRule BAD_ANSWER =
            new FailureRule(Retry.NEVER, false, 502, "bad_gateway", Result.BACKEND_ERROR);
    private static final FailureRule CUT_SHORT =
            new FailureRule(Retry.NEVER, false, 502, "bad_gateway", Result.TRUNCATED);
    private static final FailureRule STALLED =
            new FailureRule(Retry.NEVER, false, 504, "upstream_timeout", Result.TIMEOUT);

    static FailureRule of(UpstreamFailure.Kind kind) {
        return switch (kind) {
            case UNKNOWN_HOST, REFUSED, UNREACHABLE -> UNREACHED;
            case CONNECT_TIMEOUT, TLS_TIMEOUT -> SLOW_CONNECT;
            case TLS_FAILED -> REFUSED_SESSION;
            case RESET -> LOST_BY_RESET;
            case CLOSED -> LOST;
            case HEAD_TIMEOUT -> SLOW_ANSWER;
            case MALFORMED -> BAD_ANSWER;
            case TRUNCATED -> CUT_SHORT;
            case READ_TIMEOUT, TOTAL_TIMEOUT -> STALLED;
        };
    }

    /// Whether another attempt has its price: this one has taken time, and its server may still be at work.
    boolean drawsOnBudget() {
        return result == Result.TIMEOUT;
    }

    boolean allowsRetry(Outgoing outgoing) {
        return switch (retry) {
            case ALWAYS -> true;
            case IF_REPEATABLE -> outgoing.repeatable();
            case IF_SAFE ->
                switch (outgoing.client().method()) {
                    case "GET", "HEAD", "OPTIONS" -> true;
                    default -> false;
                };
            case NEVER -> false;
        };
    }
}
