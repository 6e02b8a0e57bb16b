package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/// One JSON object for each event: `timestamp`, `level`, `msg`, then the attributes.
final class JsonFormat implements LineFormat {

    private final LineClock clock = new LineClock();

    @Override
    public void append(StringBuilder line, ILoggingEvent event) {
        line.append("{\"timestamp\":\"").append(clock.text(event.getTimeStamp()));
        line.append("\",\"level\":\"").append(event.getLevel()).append("\",\"msg\":\"");
        LineText.json(line, LineText.withoutAnsi(event.getFormattedMessage()));
        line.append('"');
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> attribute(line, pair));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(",\"stack\":\"");
            LineText.json(line, ThrowableProxyUtil.asString(thrown));
            line.append('"');
        }
        line.append('}');
    }

    private static void attribute(StringBuilder line, KeyValuePair pair) {
        line.append(",\"").append(pair.key).append("\":");
        if (pair.value instanceof Number || pair.value instanceof Boolean) {
            line.append(pair.value);
            return;
        }
        line.append('"');
        LineText.json(line, LineText.withoutAnsi(String.valueOf(pair.value)));
        line.append('"');
    }
}
