package dev.olla.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Sets the log up by the configuration, at the start and again whenever that changes.
public final class Logging {

    /// What became of requests.
    public static final String REQUESTS = "olla.request";

    /// One line for each request, for machines.
    public static final String ACCESS = "olla.access";

    private static @Nullable LogQueue queue;

    private Logging() {}

    /// Nothing is logged until the settings are known: what is said before goes by [BootstrapLog].
    public static void silence() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }

    /// Lines logged from now on follow the settings; none is lost between two sets of them.
    ///
    /// @throws IOException when the log file can't be written, with a message for the user; all is then as before
    public static synchronized void apply(LoggingSettings settings) throws IOException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        boolean terminal = Terminal.isStandardOutput();
        LogQueue running = queue;
        if (running == null || !running.isStarted()) {
            var targets = LogTargets.of(context, settings, terminal);
            context.reset();
            running = start(context);
            running.writeTo(targets);
        } else {
            running.writeTo(LogTargets.of(context, settings, terminal));
        }
        levels(context, settings, terminal);
    }

    private static LogQueue start(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        LogQueue started = new LogQueue(root);
        started.setContext(context);
        started.start();
        root.addAppender(started);
        queue = started;
        return started;
    }

    private static void levels(LoggerContext context, LoggingSettings settings, boolean terminal) {
        Level level = Level.toLevel(settings.level(), Level.INFO);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level);
        context.getLogger("io.netty").setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        boolean quiet = !settings.requestLines();
        Level least = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        context.getLogger(REQUESTS).setLevel(quiet ? least : null);
        boolean readers = settings.toFile() || !settings.asText(terminal);
        context.getLogger(ACCESS).setLevel(quiet || !readers ? Level.OFF : null);
    }

    /// How many lines were dropped because more came than could be written.
    public static synchronized long droppedLines() {
        return queue == null ? 0 : queue.dropped();
    }

    /// Writes what is still queued, and ends the log.
    public static synchronized void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
