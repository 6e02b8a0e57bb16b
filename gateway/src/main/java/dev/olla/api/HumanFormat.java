package dev.olla.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Writes sizes, times and shares as status pages show them.
final class HumanFormat {

    private static final String[] BYTE_UNITS = {"KB", "MB", "GB", "TB", "PB"};
    private static final String UNSET = "0001-01-01T00:00:00Z";

    private HumanFormat() {}

    /// RFC 3339; a moment that never came is the first of the calendar.
    static String timestamp(@Nullable Instant moment) {
        return moment == null ? UNSET : moment.toString();
    }

    /// `812 B`, `3.40 MB`; base 1024.
    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        double scaled = count / 1024.0;
        int unit = 0;
        while (scaled >= 1024 && unit < BYTE_UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return decimals(scaled, 2) + ' ' + BYTE_UNITS[unit];
    }

    /// `0%`, `97.3%`, `100%`.
    static String percent(double percent) {
        if (percent == 0 || percent == 100) {
            return (int) percent + "%";
        }
        return decimals(percent, 1) + '%';
    }

    /// `84ms`, from a second on `1.2s`.
    static String latency(long millis) {
        return millis < 1000 ? millis + "ms" : decimals(millis / 1000.0, 1) + 's';
    }

    /// Whole seconds below a minute, else rounded to one unit: `42s`, `7m`, `3h`, `2d`. Never negative.
    static String duration(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        double exact = length.toMillis() / 1000.0;
        if (seconds < 3600) {
            return decimals(exact / 60, 0) + 'm';
        }
        return seconds < 86_400 ? decimals(exact / 3600, 0) + 'h' : decimals(exact / 86_400, 0) + 'd';
    }

    /// `42s ago`; `never` for a moment that never came.
    static String ago(@Nullable Instant moment, Instant now) {
        return moment == null ? "never" : duration(Duration.between(moment, now)) + " ago";
    }

    /// `in 4s`; `now` for the past, `unknown` where no moment is set.
    static String until(@Nullable Instant moment, Instant now) {
        if (moment == null) {
            return "unknown";
        }
        return moment.isAfter(now) ? "in " + duration(Duration.between(now, moment)) : "now";
    }

    /// How long something runs: `42s`, `17m`, `3h 5m`, `2d 4h`.
    static String uptime(Duration length) {
        if (length.toMinutes() < 1) {
            return Math.max(0, length.toSeconds()) + "s";
        }
        if (length.toHours() < 1) {
            return length.toMinutes() + "m";
        }
        if (length.toDays() < 1) {
            return length.toHours() + "h " + length.toMinutesPart() + 'm';
        }
        return length.toDays() + "d " + length.toHoursPart() + 'h';
    }

    /// How long something took or runs: `12.5ms`, from a second on `5s`, `2m5s`, `1h2m5s`.
    static String running(Duration length) {
        if (length.toSeconds() == 0) {
            double millis = length.toNanos() / 1_000_000.0;
            return new BigDecimal(millis)
                            .setScale(3, RoundingMode.HALF_EVEN)
                            .stripTrailingZeros()
                            .toPlainString() + "ms";
        }
        String seconds = length.toSecondsPart() + "s";
        if (length.toMinutes() == 0) {
            return seconds;
        }
        String minutes = length.toMinutesPart() + "m" + seconds;
        return length.toHours() == 0 ? minutes : length.toHours() + "h" + minutes;
    }

    private static String decimals(double value, int places) {
        return new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
    }
}
