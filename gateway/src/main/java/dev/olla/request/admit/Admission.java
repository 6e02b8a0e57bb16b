package dev.olla.request.admit;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.telemetry.SystemStatistics;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first stage of every request: decides by its head alone whether it is taken. Safe for all event loops.
///
/// The request gets its id before anything can be answered, then what browsers are told, then gate and limits.
public final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final RequestIds ids;
    private final @Nullable Cors cors;
    private final InternalGate gate;
    private final RateLimits limits;
    private final ClientAddresses clients;
    private final SystemStatistics statistics;

    /// What becomes of a request.
    public sealed interface Verdict {

        /// It goes on, and its answer carries what was put into its standing headers.
        record Admitted() implements Verdict {}

        /// A browser only wants to know whether it may send one.
        record Preflight(Headers headers) implements Verdict {}

        /// It goes no further.
        ///
        /// @param code the word for programs
        /// @param message the words for people
        record Refused(int status, String code, String message) implements Verdict {}
    }

    private static final Verdict ADMITTED = new Verdict.Admitted();

    /// @param nanoTime a clock such as [System#nanoTime]
    public Admission(
            AdmissionSettings settings,
            RequestIds ids,
            SystemStatistics statistics,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.ids = ids;
        this.statistics = statistics;
        cors = settings.cors().enabled() ? new Cors(settings.cors()) : null;
        gate = new InternalGate(settings.dashboard());
        limits = new RateLimits(settings.rateLimits(), clock, nanoTime);
        clients = new ClientAddresses(settings.rateLimits());
    }

    /// Decides, and adds the fields that every answer to this request carries.
    public Verdict admit(Exchange exchange) {
        String sent = exchange.request().headers().first(RequestIds.REQUEST_HEADER);
        exchange.standingHeaders().add(RequestIds.RESPONSE_HEADER, ids.idFor(sent));
        if (cors != null) {
            if (Cors.isPreflight(exchange.request())) {
                return new Verdict.Preflight(cors.preflight(exchange.request()));
            }
            cors.addTo(exchange.standingHeaders(), exchange.request());
        }
        InternalGate.Denial denial = gate.check(exchange);
        if (denial != null) {
            return denied(exchange, denial);
        }
        return RateLimits.covers(exchange.path()) ? limited(exchange) : ADMITTED;
    }

    private static Verdict denied(Exchange exchange, InternalGate.Denial denial) {
        LOG.atWarn()
                .addKeyValue("request_id", id(exchange))
                .addKeyValue("path", exchange.path())
                .addKeyValue("client", denial.peer())
                .addKeyValue("host", denial.host())
                .addKeyValue("reason", denial.reason())
                .addKeyValue("config_key", denial.configKey())
                .log("Access denied");
        return new Verdict.Refused(403, "forbidden", denial.message());
    }

    private Verdict limited(Exchange exchange) {
        IpAddress client = clients.of(exchange);
        RateVerdict verdict = limits.admit(client, exchange.path());
        if (verdict == null) {
            return ADMITTED;
        }
        verdict.writeTo(exchange.standingHeaders());
        if (verdict.passed()) {
            return ADMITTED;
        }
        statistics.rateLimitViolated(client.toString());
        LOG.atWarn()
                .addKeyValue("request_id", id(exchange))
                .addKeyValue("path", exchange.path())
                .addKeyValue("client", client)
                .addKeyValue("limit_per_minute", verdict.limit())
                .addKeyValue("retry_after", verdict.retryAfter())
                .log("Rate limit exceeded");
        return new Verdict.Refused(429, "rate_limited", "Too Many Requests");
    }

    private static @Nullable String id(Exchange exchange) {
        return exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER);
    }
}
