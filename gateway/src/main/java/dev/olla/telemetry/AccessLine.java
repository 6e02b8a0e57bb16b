package dev.olla.telemetry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and its answer, whatever answered it: a line of the access log.
///
/// @param remoteAddress of the connection, with its port
/// @param query redacted; empty where there is none
/// @param status 0 when there was no answer
/// @param bytesIn of the request's body
/// @param bytesOut of the answer's body
/// @param cut whether the gateway had to end before the answer did
public record AccessLine(
        String id,
        String remoteAddress,
        String method,
        String path,
        String query,
        int status,
        long bytesIn,
        long bytesOut,
        long millis,
        boolean cut,
        @Nullable String userAgent,
        @Nullable String referer,
        @Nullable String contentType,
        @Nullable String accept) {

    private static final Logger LOG = LoggerFactory.getLogger(Logging.ACCESS);

    /// Whether anybody wants such lines; where not, none need be made.
    public static boolean wanted() {
        return LOG.isInfoEnabled();
    }

    public void write() {
        var event = LOG.atInfo()
                .addKeyValue("request_id", id)
                .addKeyValue("remote_addr", remoteAddress)
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .addKeyValue("query", query)
                .addKeyValue("status", RequestLog.shownStatus(status, cut))
                .addKeyValue("bytes_in", bytesIn)
                .addKeyValue("bytes_out", bytesOut)
                .addKeyValue("duration_ms", millis)
                .addKeyValue("user_agent", orEmpty(userAgent))
                .addKeyValue("referer", orEmpty(referer))
                .addKeyValue("content_type", orEmpty(contentType))
                .addKeyValue("accept", orEmpty(accept));
        (cut ? event.addKeyValue("error", RequestLog.CUT) : event).log("Access log");
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
