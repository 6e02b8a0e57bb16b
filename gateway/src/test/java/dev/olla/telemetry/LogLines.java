package dev.olla.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.event.KeyValuePair;

/// Log events to write.
final class LogLines {

    static final LoggerContext CONTEXT = context();

    private LogLines() {}

    private static LoggerContext context() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return context;
    }

    /// @param attributes names and values in turn
    static ILoggingEvent line(Level level, String message, Object... attributes) {
        LoggingEvent event = new LoggingEvent("test", CONTEXT.getLogger("test"), level, message, null, new Object[0]);
        for (int i = 0; i < attributes.length; i += 2) {
            event.addKeyValuePair(new KeyValuePair(String.valueOf(attributes[i]), attributes[i + 1]));
        }
        return event;
    }
}
