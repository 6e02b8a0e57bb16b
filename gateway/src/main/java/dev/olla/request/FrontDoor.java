package dev.olla.request;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.RequestHandler;
import dev.olla.http.RequestProblem;
import dev.olla.http.Router;
import dev.olla.request.admit.Admission;
import dev.olla.request.route.PathRules;
import dev.olla.telemetry.RequestLog;
import dev.olla.telemetry.SystemStatistics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where every request comes in: once admitted, it goes to what answers its path.
public final class FrontDoor implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private volatile Admission admission;
    private volatile Router router;
    private final SystemStatistics statistics;
    private final RequestLines lines;

    public FrontDoor(Admission admission, Router router, RequestLog log) {
        this.admission = admission;
        this.router = router;
        this.statistics = log.statistics();
        this.lines = new RequestLines(log);
    }

    /// Requests that come from now on are admitted by these rules.
    public void use(Admission next) {
        admission = next;
    }

    /// Requests that come from now on go by these routes.
    public void use(Router next) {
        router = next;
    }

    @Override
    public @Nullable Runnable arrived(Exchange exchange) {
        Admission.Verdict verdict = admission.admit(exchange);
        lines.arrived(exchange);
        return switch (verdict) {
            case Admission.Verdict.Admitted() -> {
                if (router.streams(exchange.request())) {
                    exchange.takeBodyAsItComes();
                }
                yield null;
            }
            case Admission.Verdict.Preflight(Headers headers) -> () -> exchange.respond(204, headers, new byte[0]);
            case Admission.Verdict.Refused(int status, String code, String message) ->
                () -> ErrorAnswer.respond(exchange, status, code, message);
        };
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            answer(exchange);
        } catch (RuntimeException e) {
            LOG.error("Answering {} {} failed", exchange.request().method(), exchange.path(), e);
            if (!exchange.hasBegun()) {
                ErrorAnswer.respond(exchange, 500, "internal_error", "the gateway failed to answer; see its log");
            } else {
                exchange.abort();
            }
        }
    }

    private void answer(Exchange exchange) {
        switch (router.match(exchange.request())) {
            case Router.Match.Found(var handler) -> handler.accept(exchange);
            case Router.Match.Redirect(String location) -> redirect(exchange, location);
            case Router.Match.MethodNotAllowed(String allow) -> {
                lines.unknown(exchange, 405, "method not allowed");
                ErrorAnswer.respond(
                        exchange, 405, "method_not_allowed", "method not allowed", Headers.of("Allow", allow));
            }
            case Router.Match.NotFound() -> {
                lines.unknown(exchange, 404, "no such path");
                ErrorAnswer.respond(exchange, 404, "not_found", "404 page not found");
            }
        }
    }

    /// What is refused under its usual spelling is refused at once under every other.
    private static void redirect(Exchange exchange, String location) {
        String notSupported = PathRules.notSupportedUnderAnyRoute(exchange.path());
        if (notSupported != null) {
            ErrorAnswer.notSupported(exchange, notSupported);
        } else {
            exchange.respond(308, Headers.of("Location", location), new byte[0]);
        }
    }

    @Override
    public void refuse(Exchange exchange, RequestProblem problem) {
        String code = switch (problem.kind()) {
            case BODY_TOO_LARGE -> "request_too_large";
            case HEADERS_TOO_LARGE -> "headers_too_large";
            case BODY_TIMEOUT -> "request_timeout";
            case NO_ROOM -> "no_room";
            case MALFORMED, EXPECTATION_FAILED, TRANSFER_CODING_UNKNOWN, VERSION_UNSUPPORTED -> "invalid_request";
        };
        boolean tooLarge = problem.kind() == RequestProblem.Kind.BODY_TOO_LARGE
                || problem.kind() == RequestProblem.Kind.HEADERS_TOO_LARGE;
        if (tooLarge) {
            statistics.sizeLimitViolated();
        }
        lines.refused(exchange, problem.kind().status(), problem.message());
        ErrorAnswer.respond(exchange, problem.kind().status(), code, problem.message());
    }

    @Override
    public void ended(Exchange exchange, int status, long bytes) {
        lines.ended(exchange, status, bytes);
    }

    @Override
    public void unexpected(Throwable cause) {
        LOG.error("A connection failed unexpectedly", cause);
    }
}
