package dev.olla.api;

import dev.olla.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a request's query; the first of a name counts.
final class Query {

    private final Map<String, String> parameters = new HashMap<>();

    Query(Exchange exchange) {
        for (String pair : exchange.request().query().split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.putIfAbsent(decoded(name), decoded(value));
        }
    }

    /// The value; null where the parameter is missing or empty.
    @Nullable
    String value(String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    boolean is(String name, String value) {
        return value.equals(parameters.get(name));
    }

    /// A part of a query, percent-decoded; as it is where it can't be decoded.
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    /// A part of a path, percent-decoded; null where it can't be decoded.
    static @Nullable String decodedPath(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
