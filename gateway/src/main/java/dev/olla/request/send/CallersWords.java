package dev.olla.request.send;

import dev.olla.http.Origin;
import dev.olla.http.TlsSettings;
import dev.olla.http.UpstreamFailure;

/// A failure in words that a caller may read: the log has the address of the server, the caller has its name.
final class CallersWords {

    private CallersWords() {}

    /// @param subject what stands for the server, such as `endpoint gpu` or `it`
    static String of(UpstreamFailure failure, Origin origin, String subject) {
        return switch (failure.kind()) {
            case UNKNOWN_HOST -> "unknown host of " + subject;
            case UNREACHABLE -> subject + " can't be reached";
            case TLS_FAILED -> withoutHost(named(failure, origin, subject), origin);
            case REFUSED,
                    CONNECT_TIMEOUT,
                    TLS_TIMEOUT,
                    RESET,
                    CLOSED,
                    HEAD_TIMEOUT,
                    MALFORMED,
                    TRUNCATED,
                    READ_TIMEOUT,
                    TOTAL_TIMEOUT -> named(failure, origin, subject);
        };
    }

    private static String named(UpstreamFailure failure, Origin origin, String subject) {
        return failure.message().replace(origin.toString(), subject);
    }

    private static String withoutHost(String message, Origin origin) {
        TlsSettings tls = origin.tlsSettings();
        String expected = tls.serverName() == null ? origin.host() : tls.serverName();
        return message.replace("is not for " + expected + ":", "is not for its host:");
    }
}
