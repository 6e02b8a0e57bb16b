package dev.olla.http;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The request line and header fields of a request (RFC 9112 §3).
///
/// @param method as sent, a token; case matters
/// @param target the request target in origin form (or `*`), still percent-encoded
/// @param minorVersion 0 for HTTP/1.0, 1 for HTTP/1.1
public record RequestHead(String method, String target, int minorVersion, Headers headers) {

    /// The part of the target before the query, percent-encoded, starting with a slash.
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// The protocols that the client would go over to, as it lists them; null where it names none. HTTP/2 is not
    /// among them: it would be spoken with the gateway, not with a server (RFC 9110 §7.8).
    public @Nullable String upgrade() {
        if (minorVersion == 0 || !headers.listContains("Connection", "upgrade")) {
            return null;
        }
        String wanted = Stream.of(String.join(",", headers.all("Upgrade")).split(","))
                .map(String::strip)
                .filter(protocol -> !protocol.isEmpty() && !protocol.equalsIgnoreCase("h2c"))
                .collect(Collectors.joining(", "));
        return wanted.isEmpty() ? null : wanted;
    }

    /// The query without its question mark, as sent; empty where there is none.
    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /// The query with its question mark, as sent; empty where there is none.
    public String querySuffix() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query);
    }
}
