package dev.olla.http;

import java.util.Locale;
import java.util.Set;

/// The fields that may follow a body: not those that frame or route a message, authenticate somebody, or tell how
/// to treat what has been read by then (RFC 9110 §6.5.1).
public final class TrailerFields {

    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "authorization",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "host",
            "keep-alive",
            "location",
            "max-forwards",
            "pragma",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "range",
            "retry-after",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "vary",
            "via",
            "warning",
            "www-authenticate",
            "x-api-key",
            "x-auth-token");

    private TrailerFields() {}

    /// Those of the fields that may be passed on.
    public static Headers allowed(Headers trailers) {
        Headers allowed = new Headers();
        for (int i = 0; i < trailers.size(); i++) {
            if (isAllowed(trailers.name(i))) {
                allowed.addUnchecked(trailers.name(i), trailers.value(i));
            }
        }
        return allowed;
    }

    private static boolean isAllowed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !FORBIDDEN.contains(lower) && !lower.startsWith("if-") && !lower.startsWith("x-forwarded-");
    }
}
