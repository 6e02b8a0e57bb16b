package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.io.JsonStringEncoder;

/// Writes a log line: one JSON object, or text with `key=value` pairs behind the message.
final class LogLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private final boolean text;

    LogLayout(boolean text) {
        this.text = text;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(200);
        if (text) {
            asText(line, event);
        } else {
            asJson(line, event);
        }
        return line.append('\n').toString();
    }

    private static void asText(StringBuilder line, ILoggingEvent event) {
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(String.format("%-5s", event.getLevel())).append(' ');
        line.append(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=').append(quotedIfNeeded(String.valueOf(pair.value)));
            }
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append('\n').append(ThrowableProxyUtil.asString(thrown));
        }
    }

    private static String quotedIfNeeded(String value) {
        boolean plain = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '=');
        return plain ? value : '"' + escaped(value) + '"';
    }

    private static void asJson(StringBuilder line, ILoggingEvent event) {
        line.append("{\"timestamp\":\"");
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append("\",\"level\":\"").append(event.getLevel()).append("\",\"msg\":\"");
        line.append(escaped(event.getFormattedMessage())).append('"');
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(",\"").append(escaped(pair.key)).append("\":");
                value(line, pair.value);
            }
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(",\"stack\":\"")
                    .append(escaped(ThrowableProxyUtil.asString(thrown)))
                    .append('"');
        }
        line.append('}');
    }

    private static void value(StringBuilder line, Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            line.append(value);
        } else {
            line.append('"').append(escaped(String.valueOf(value))).append('"');
        }
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }
}
