package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Text for people: aligned and in colour where there is a palette, else `key=value` throughout.
final class TextFormat implements LineFormat {

    private static final String RESET = "\u001B[0m";

    private final LineClock clock = new LineClock();
    private final LogColours.@Nullable Theme theme;

    /// @param theme null means no colour
    TextFormat(LogColours.@Nullable Theme theme) {
        this.theme = theme;
    }

    @Override
    public void append(StringBuilder line, ILoggingEvent event) {
        if (theme == null) {
            plainHead(line, event);
        } else {
            colouredHead(line, event, theme);
        }
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> attribute(line, pair));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append('\n').append(ThrowableProxyUtil.asString(thrown).stripTrailing());
        }
    }

    private void plainHead(StringBuilder line, ILoggingEvent event) {
        line.append("timestamp=\"").append(clock.text(event.getTimeStamp()));
        line.append("\" level=").append(event.getLevel()).append(" msg=");
        LineText.word(line, event.getFormattedMessage());
    }

    private void colouredHead(StringBuilder line, ILoggingEvent event, LogColours.Theme palette) {
        String level = event.getLevel().toString();
        coloured(line, palette.time(), clock.text(event.getTimeStamp()));
        line.append(' ');
        coloured(line, palette.level(level), level);
        line.append(level.length() == 4 ? "  " : " ").append(LineText.printable(event.getFormattedMessage()));
    }

    private static void coloured(StringBuilder line, String colour, String text) {
        line.append("\u001B[").append(colour).append('m').append(text).append(RESET);
    }

    private void attribute(StringBuilder line, KeyValuePair pair) {
        line.append(' ');
        if (theme == null) {
            line.append(pair.key).append('=');
        } else {
            coloured(line, theme.key(), pair.key + '=');
        }
        LineText.word(line, String.valueOf(pair.value));
    }
}
