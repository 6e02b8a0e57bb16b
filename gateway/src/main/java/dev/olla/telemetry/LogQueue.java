package dev.olla.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.event.KeyValuePair;

/// Takes log lines from all threads and has them written by a thread of its own, many with one system call.
///
/// An event loop never waits for a slow terminal, pipe or disk: when the writer falls behind, lines below WARN are
/// dropped first, then all. What was dropped is counted, and said as soon as there is room. Logback's own queue counts
/// nothing and writes each line by itself.
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private static final int CAPACITY = 8192;
    private static final int KEPT_FOR_WARNINGS = CAPACITY / 8;
    private static final int BATCH = 256;
    private static final int STOP_MILLIS = 2000;

    private final BlockingQueue<ILoggingEvent> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final ILoggingEvent end = new LoggingEvent();
    private final Logger reporter;
    private final Thread writer = Thread.ofPlatform().name("olla-log").daemon().unstarted(this::write);
    private volatile List<OutputStreamAppender<ILoggingEvent>> targets = List.of();
    private long reported;

    /// @param reporter what speaks of dropped lines
    LogQueue(Logger reporter) {
        this.reporter = reporter;
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    /// From now on lines go there. The targets are started; earlier ones are stopped by the writer.
    void writeTo(List<OutputStreamAppender<ILoggingEvent>> next) {
        targets = List.copyOf(next);
    }

    /// How many lines were dropped since the start.
    long dropped() {
        return dropped.sum();
    }

    @Override
    protected void append(ILoggingEvent event) {
        boolean urgent = event.getLevel().isGreaterOrEqual(Level.WARN);
        if (!urgent && lines.remainingCapacity() <= KEPT_FOR_WARNINGS) {
            dropped.increment();
            return;
        }
        // Arguments may change once the caller goes on.
        var _ = event.getFormattedMessage();
        if (!lines.offer(event)) {
            dropped.increment();
        }
    }

    private void write() {
        List<OutputStreamAppender<ILoggingEvent>> current = targets;
        List<ILoggingEvent> batch = new ArrayList<>(BATCH);
        boolean ended = false;
        try {
            while (!ended) {
                batch.add(lines.take());
                lines.drainTo(batch, BATCH - 1);
                current = targets(current);
                for (ILoggingEvent event : batch) {
                    ended |= isEnd(event);
                    write(current, event);
                }
                reportDropped(current);
                flush(current);
                batch.clear();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            current.forEach(OutputStreamAppender::stop);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a list is replaced, never changed
    private List<OutputStreamAppender<ILoggingEvent>> targets(List<OutputStreamAppender<ILoggingEvent>> current) {
        List<OutputStreamAppender<ILoggingEvent>> wanted = targets;
        if (wanted != current) {
            current.forEach(OutputStreamAppender::stop);
        }
        return wanted;
    }

    @SuppressWarnings("ReferenceEquality") // a mark, not a line
    private boolean isEnd(ILoggingEvent event) {
        return event == end;
    }

    private void write(List<OutputStreamAppender<ILoggingEvent>> current, ILoggingEvent event) {
        if (!isEnd(event)) {
            current.forEach(target -> target.doAppend(event));
        }
    }

    private void reportDropped(List<OutputStreamAppender<ILoggingEvent>> current) {
        long total = dropped.sum();
        if (total == reported || !lines.isEmpty()) {
            return;
        }
        LoggingEvent report = new LoggingEvent(
                LogQueue.class.getName(),
                reporter,
                Level.WARN,
                "Log lines were dropped: more came than could be written",
                null,
                new Object[0]);
        report.addKeyValuePair(new KeyValuePair("dropped", total - reported));
        reported = total;
        write(current, report);
    }

    private static void flush(List<OutputStreamAppender<ILoggingEvent>> current) {
        for (OutputStreamAppender<ILoggingEvent> target : current) {
            try {
                target.getOutputStream().flush();
            } catch (IOException _) {
                // A full disk or a closed pipe: the next lines try again, and there is nowhere to say so.
            }
        }
    }

    /// Writes what waits, two seconds at most.
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        try {
            if (lines.offer(end, STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                writer.join(STOP_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
