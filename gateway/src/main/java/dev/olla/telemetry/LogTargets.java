package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Makes what log lines are written to: the console, and a file where one is wanted.
final class LogTargets {

    private LogTargets() {}

    /// @param terminal whether standard output is one
    /// @throws IOException when the file can't be written, with a message for the user
    static List<OutputStreamAppender<ILoggingEvent>> of(Context context, LoggingSettings settings, boolean terminal)
            throws IOException {
        List<OutputStreamAppender<ILoggingEvent>> targets = new ArrayList<>();
        if (settings.toFile()) {
            targets.add(file(context, settings.file()));
        }
        targets.add(console(context, settings, terminal));
        return targets;
    }

    private static OutputStreamAppender<ILoggingEvent> console(
            Context context, LoggingSettings settings, boolean terminal) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        boolean text = settings.asText(terminal);
        boolean colours = settings.colours().on(terminal);
        LineFormat format = text ? new TextFormat(colours ? settings.colours().theme() : null) : new JsonFormat();
        if (text) {
            console.addFilter(withoutAccessLines());
        }
        return started(context, console, format);
    }

    private static Filter<ILoggingEvent> withoutAccessLines() {
        return new Filter<>() {
            @Override
            public FilterReply decide(ILoggingEvent event) {
                return event.getLoggerName().equals(Logging.ACCESS) ? FilterReply.DENY : FilterReply.NEUTRAL;
            }
        };
    }

    private static OutputStreamAppender<ILoggingEvent> file(Context context, LogFile settings) throws IOException {
        settings.prepare();
        LogRotation rotation = new LogRotation(settings, InstantSource.system());
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        rotation.setContext(context);
        rotation.setParent(file);
        rotation.start();
        file.setFile(settings.path().toString());
        file.setRollingPolicy(rotation);
        file.setTriggeringPolicy(rotation);
        OutputStreamAppender<ILoggingEvent> started = started(context, file, new JsonFormat());
        if (!started.isStarted()) {
            throw new IOException("the log file " + settings.path() + " can't be written");
        }
        return started;
    }

    private static OutputStreamAppender<ILoggingEvent> started(
            Context context, OutputStreamAppender<ILoggingEvent> target, LineFormat format) {
        LineEncoder encoder = new LineEncoder(format);
        encoder.setContext(context);
        encoder.start();
        target.setContext(context);
        target.setEncoder(encoder);
        target.setImmediateFlush(false);
        target.start();
        return target;
    }
}
