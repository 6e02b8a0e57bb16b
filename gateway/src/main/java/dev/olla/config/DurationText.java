package dev.olla.config;

import java.time.Duration;
import java.util.Locale;

/// Durations as a configuration has them: `1h30m`, `15m`, `500ms`, `0s`.
public final class DurationText {

    private DurationText() {}

    /// The text of a duration, to the millisecond.
    public static String of(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        long millis = duration.toMillis();
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        long rest = Math.abs(millis);
        for (Unit unit : Unit.values()) {
            if (rest >= unit.millis) {
                text.append(rest / unit.millis).append(unit.name().toLowerCase(Locale.ROOT));
                rest %= unit.millis;
            }
        }
        return text.toString();
    }

    private enum Unit {
        H(3_600_000),
        M(60_000),
        S(1_000),
        MS(1);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }
    }
}
