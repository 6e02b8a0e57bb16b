package dev.olla.request.admit;

import dev.olla.dialect.ErrorFormat;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.telemetry.SystemStatistics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
    private final Supplier<@Nullable TokenBucket> servers;
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

    /// @param servers the bucket of the server that is the first to have a token for a request; null when they have
    ///     no limits of their own
    /// @param nanoTime a clock such as [System#nanoTime]
    public Admission(
            AdmissionSettings settings,
            Supplier<@Nullable TokenBucket> servers,
            RequestIds ids,
            SystemStatistics statistics,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.servers = servers;
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
        String id = ids.idFor(sent);
        exchange.standingHeaders().add(RequestIds.RESPONSE_HEADER, id);
        if (ErrorFormat.isForAnthropicClients(exchange.path())) {
            exchange.standingHeaders().add(RequestIds.ANTHROPIC_HEADER, id);
        }
        if (cors != null) {
            if (Cors.isPreflight(exchange.request())) {
                return new Verdict.Preflight(cors.preflight(exchange.request()));
            }
            cors.addTo(exchange.standingHeaders(), exchange.request());
        }
        if (gate.isDashboard(exchange.path())) {
            addDashboardHeaders(exchange.standingHeaders());
        }
        InternalGate.Denial denial = gate.check(exchange);
        if (denial != null) {
            return denied(exchange, denial);
        }
        return RateLimits.covers(exchange.path()) ? limited(exchange) : ADMITTED;
    }

    /// Every answer of the dashboard carries these, a refusal too.
    private static void addDashboardHeaders(Headers standing) {
        standing.set("X-Frame-Options", "DENY");
        standing.set("Referrer-Policy", "no-referrer");
        standing.set("Content-Security-Policy", "default-src 'self'");
    }

    /// Whose address counts for limits and logs.
    public IpAddress client(Exchange exchange) {
        return clients.of(exchange);
    }

    /// The buckets that another request like this one would need a token of; none where it is not limited.
    public List<TokenBucket> buckets(Exchange exchange) {
        return RateLimits.covers(exchange.path())
                ? limits.buckets(clients.of(exchange), exchange.path())
                : new ArrayList<>();
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
        if (verdict.passed()) {
            verdict.writeTo(exchange.standingHeaders());
            return ADMITTED;
        }
        // Lists of models are asked for with GET and come from no server.
        TokenBucket server = exchange.request().method().equals("POST") ? servers.get() : null;
        if (server != null) {
            verdict = limits.refused(client, exchange.path(), server);
        }
        verdict.writeTo(exchange.standingHeaders());
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
