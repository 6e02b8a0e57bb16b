package dev.olla.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The query of a request as a log may show it: values of parameters that carry credentials are left out.
public final class RedactedQuery {

    private static final String HIDDEN = "[REDACTED]";
    private static final Set<String> SECRET =
            Set.of("api_key", "token", "access_token", "key", "password", "secret", "auth");

    private RedactedQuery() {}

    /// The same text but for those values; names compare decoded and without case.
    ///
    /// @param query as it was sent, without its question mark
    public static String of(String query) {
        if (query.isEmpty()) {
            return query;
        }
        StringBuilder shown = new StringBuilder(query.length());
        int start = 0;
        while (start <= query.length()) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            shown.append(start == 0 ? "" : "&").append(parameter(query.substring(start, end)));
            start = end + 1;
        }
        return shown.toString();
    }

    /// A URL whose query is shown like that; null stays null.
    public static @Nullable String ofUrl(@Nullable String url) {
        int mark = url == null ? -1 : url.indexOf('?');
        return url == null || mark < 0 ? url : url.substring(0, mark + 1) + of(url.substring(mark + 1));
    }

    /// Some servers take a semicolon for an ampersand, others for a part of the value: from a secret on, nothing
    /// of the parameter is shown.
    private static String parameter(String text) {
        int start = 0;
        while (start < text.length()) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            int equals = text.indexOf('=', start);
            if (equals >= 0 && equals < end && isSecret(text.substring(start, equals))) {
                return text.substring(0, equals + 1) + HIDDEN;
            }
            start = end + 1;
        }
        return text;
    }

    private static boolean isSecret(String name) {
        return SECRET.contains(decoded(name).strip().toLowerCase(Locale.ROOT));
    }

    /// What can't be decoded stays as it is.
    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = c == '%' && i + 2 < text.length() ? hex(text.charAt(i + 1), text.charAt(i + 2)) : -1;
            if (value >= 0) {
                bytes.write(value);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(char high, char low) {
        int value = Character.digit(high, 16) * 16 + Character.digit(low, 16);
        return Character.digit(high, 16) < 0 || Character.digit(low, 16) < 0 ? -1 : value;
    }
}
