package dev.olla.fleet;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// The field in which a server says when to come back (RFC 9110 §10.2.3).
public final class RetryAfter {

    /// Longer waits are cut to this: a server that asks for a day has most likely made a mistake.
    public static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /// The wait that the value asks for, or null where it asks for none that can be understood.
    public static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > 9 ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return bounded(Duration.between(now, date));
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
