package dev.olla.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The value of the `Date` field (RFC 9110 §5.6.7), made once a second.
final class HttpDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record Second(long epochSecond, String text) {}

    private static volatile Second current = new Second(0, "");

    private HttpDate() {}

    static String now() {
        long second = System.currentTimeMillis() / 1000;
        Second known = current;
        if (known.epochSecond() != second) {
            known = new Second(second, FORMAT.format(Instant.ofEpochSecond(second)));
            current = known;
        }
        return known.text();
    }
}
