package dev.olla.fleet;

import dev.olla.http.Fetched;
import dev.olla.http.UpstreamFailure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one probe tells of an endpoint, its history left aside.
///
/// @param reason in words for the log
/// @param slow whether the endpoint took the connection and then gave no answer in time
/// @param pause how long the endpoint asked to be left alone; null where it didn't
record ProbeVerdict(
        EndpointStatus status,
        String reason,
        boolean slow,
        @Nullable Duration pause) {

    private static final Duration SLOW_ANSWER = Duration.ofSeconds(10);
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    static ProbeVerdict of(Fetched fetched, Instant now) {
        return switch (fetched) {
            case Fetched.Answer answer -> ofAnswer(answer, now);
            case Fetched.Failed(UpstreamFailure failure) -> ofFailure(failure);
        };
    }

    private static ProbeVerdict ofAnswer(Fetched.Answer answer, Instant now) {
        int code = answer.status();
        if (code == 401 || code == 403) {
            return new ProbeVerdict(EndpointStatus.CONFIG_ERROR, code + ": it refuses our credential", false, null);
        }
        if (code == 429) {
            Duration asked = RetryAfter.parse(answer.headers().first("Retry-After"), now);
            Duration wait = asked == null ? DEFAULT_WAIT : asked;
            return new ProbeVerdict(
                    EndpointStatus.RATE_LIMITED, "429: it asks for a pause of " + wait.toSeconds() + "s", false, wait);
        }
        if (answer.took().compareTo(SLOW_ANSWER) > 0) {
            String reason = "it took " + answer.took().toSeconds() + "s to answer " + code;
            return new ProbeVerdict(EndpointStatus.BUSY, reason, false, null);
        }
        boolean good = code >= 200 && code < 300;
        return new ProbeVerdict(
                good ? EndpointStatus.HEALTHY : EndpointStatus.UNHEALTHY, "it answers " + code, false, null);
    }

    /// Where any answer will do.
    ProbeVerdict answering() {
        return new ProbeVerdict(EndpointStatus.HEALTHY, reason, slow, null);
    }

    /// Where an answer won't do, because the engine behind it sleeps.
    ProbeVerdict sleeping() {
        return new ProbeVerdict(EndpointStatus.UNHEALTHY, "its engine sleeps", false, null);
    }

    private static ProbeVerdict ofFailure(UpstreamFailure failure) {
        EndpointStatus status =
                failure.kind() == UpstreamFailure.Kind.MALFORMED ? EndpointStatus.UNHEALTHY : EndpointStatus.OFFLINE;
        boolean slow = switch (failure.kind()) {
            case HEAD_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT -> true;
            default -> false;
        };
        return new ProbeVerdict(status, failure.message(), slow, null);
    }

    /// Whether another attempt within the same probe may tell something else: a connection may break by accident,
    /// but a refused one or a time-out says enough.
    static boolean worthAnotherAttempt(Fetched fetched) {
        return fetched instanceof Fetched.Failed(UpstreamFailure failure)
                && switch (failure.kind()) {
                    case UNKNOWN_HOST, UNREACHABLE, TLS_FAILED, RESET, CLOSED, TRUNCATED -> true;
                    case REFUSED, MALFORMED, CONNECT_TIMEOUT, TLS_TIMEOUT, HEAD_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT ->
                        false;
                };
    }
}
