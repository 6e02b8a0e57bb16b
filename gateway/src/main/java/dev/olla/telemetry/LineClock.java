package dev.olla.telemetry;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// The time of a line, `yyyy-MM-dd HH:mm:ss` in the local zone; made once for all lines of a second. Used by one
/// thread.
final class LineClock {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private long second = Long.MIN_VALUE;
    private String text = "";

    String text(long millis) {
        long wanted = Math.floorDiv(millis, 1000);
        if (wanted != second) {
            second = wanted;
            text = TIME.format(Instant.ofEpochSecond(wanted).atZone(ZoneId.systemDefault()));
        }
        return text;
    }
}
