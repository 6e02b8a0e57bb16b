package dev.olla.request;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.request.admit.RequestIds;
import dev.olla.telemetry.AccessLine;
import dev.olla.telemetry.Logging;
import dev.olla.telemetry.RedactedQuery;
import dev.olla.telemetry.RequestLog;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The log lines that every request gets, whatever answers it: its start, its end, and its line for the access log.
///
/// Requests to the fleet speak for themselves, and what polls `/internal/` is not worth a line: for these start and
/// end are told at DEBUG only.
final class RequestLines {

    private static final Logger LOG = LoggerFactory.getLogger(Logging.REQUESTS);

    private final RequestLog log;

    RequestLines(RequestLog log) {
        this.log = log;
    }

    void arrived(Exchange exchange) {
        if (isDemoted(exchange)) {
            line(Level.DEBUG, "HTTP request started", exchange);
        } else {
            line(Level.INFO, "Request started", exchange);
        }
    }

    private static void line(Level level, String message, Exchange exchange) {
        if (LOG.isEnabledForLevel(level)) {
            LOG.atLevel(level)
                    .addKeyValue("request_id", id(exchange))
                    .addKeyValue("method", exchange.request().method())
                    .addKeyValue("path", exchange.path())
                    .addKeyValue("remote_addr", remoteAddress(exchange.peer()))
                    .log(message);
        }
    }

    /// Nothing answers the path. Whoever looks for what isn't there beside the fleet is no reason to warn.
    void unknown(Exchange exchange, int status, String reason) {
        if (isForTheFleet(exchange)) {
            refused(exchange, status, reason);
        }
    }

    void refused(Exchange exchange, int status, String reason) {
        log.refused(id(exchange), exchange.request().method(), exchange.path(), status, reason);
    }

    void ended(Exchange exchange, int status, long bytes) {
        boolean fine = (status >= 200 && status < 300) || status == 304;
        boolean poll = isPoll(exchange) && fine;
        Level level = poll || isForTheFleet(exchange) ? Level.DEBUG : Level.INFO;
        if (LOG.isEnabledForLevel(level)) {
            LOG.atLevel(level)
                    .addKeyValue("request_id", id(exchange))
                    .addKeyValue("method", exchange.request().method())
                    .addKeyValue("path", exchange.path())
                    .addKeyValue("status", status)
                    .addKeyValue("duration_ms", millis(exchange))
                    .addKeyValue("bytes_out", bytes)
                    .log(level == Level.DEBUG ? "HTTP request completed" : "Request completed");
        }
        if (!poll && AccessLine.wanted()) {
            accessLine(exchange, status, bytes).write();
        }
    }

    private static AccessLine accessLine(Exchange exchange, int status, long bytes) {
        Headers headers = exchange.request().headers();
        return new AccessLine(
                id(exchange),
                remoteAddress(exchange.peer()),
                exchange.request().method(),
                exchange.path(),
                RedactedQuery.of(exchange.request().query()),
                status,
                exchange.body().length(),
                bytes,
                millis(exchange),
                exchange.cut(),
                headers.first("User-Agent"),
                RedactedQuery.ofUrl(headers.first("Referer")),
                headers.first("Content-Type"),
                headers.first("Accept"));
    }

    private static boolean isDemoted(Exchange exchange) {
        return isForTheFleet(exchange) || isPoll(exchange);
    }

    private static boolean isForTheFleet(Exchange exchange) {
        return exchange.path().startsWith("/olla/");
    }

    private static boolean isPoll(Exchange exchange) {
        String method = exchange.request().method();
        return exchange.path().startsWith("/internal/") && (method.equals("GET") || method.equals("HEAD"));
    }

    private static String id(Exchange exchange) {
        return Objects.requireNonNullElse(exchange.standingHeaders().first(RequestIds.RESPONSE_HEADER), "");
    }

    private static long millis(Exchange exchange) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - exchange.arrivedNanos());
    }

    private static String remoteAddress(InetSocketAddress peer) {
        if (peer.getAddress() == null) {
            return peer.toString();
        }
        String host = peer.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + peer.getPort();
    }
}
