package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;

/// How one log event looks as a line. Used by one thread.
interface LineFormat {

    /// Appends the event without the line's end.
    void append(StringBuilder line, ILoggingEvent event);
}
