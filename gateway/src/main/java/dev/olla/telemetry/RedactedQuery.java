package dev.olla.telemetry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// The query of a request as the log may show it: values that may be credentials are left out.
public final class RedactedQuery {

    private static final Set<String> SECRET =
            Set.of("api_key", "token", "access_token", "key", "password", "secret", "auth");

    private RedactedQuery() {}

    /// @param query percent-encoded, without its question mark
    public static String of(String query) {
        if (query.indexOf('=') < 0) {
            return query;
        }
        StringBuilder redacted = new StringBuilder(query.length());
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            boolean secret = equals > 0 && SECRET.contains(decoded(part.substring(0, equals)));
            redacted.append(redacted.isEmpty() ? "" : "&");
            redacted.append(secret ? part.substring(0, equals) + "=[REDACTED]" : part);
        }
        return redacted.toString();
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            return name.toLowerCase(Locale.ROOT);
        }
    }
}
