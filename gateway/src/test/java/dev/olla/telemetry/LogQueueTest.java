package dev.olla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LogQueueTest {

    private final LogQueue queue = new LogQueue(LogLines.CONTEXT.getLogger("ROOT"));

    /// A pipe that nobody reads until it is opened.
    private static final class Stuck extends OutputStream {
        private final CountDownLatch open = new CountDownLatch(1);
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (out) {
                out.write(bytes, from, count);
            }
        }

        List<String> lines() {
            synchronized (out) {
                return out.toString(StandardCharsets.UTF_8).lines().toList();
            }
        }
    }

    private static OutputStreamAppender<ILoggingEvent> target(OutputStream out) {
        OutputStreamAppender<ILoggingEvent> target = new OutputStreamAppender<>();
        LineEncoder encoder = new LineEncoder(new TextFormat(null));
        encoder.start();
        target.setContext(LogLines.CONTEXT);
        target.setEncoder(encoder);
        target.setOutputStream(out);
        target.start();
        return target;
    }

    @Test
    void theCallerNeverWaitsAndDroppedLinesAreCountedAndTold() {
        Stuck stuck = new Stuck();
        queue.writeTo(List.of(target(stuck)));
        queue.start();
        int sent = 20_000;
        for (int i = 0; i < sent; i++) {
            queue.doAppend(LogLines.line(Level.INFO, "line"));
        }
        assertThat(queue.dropped()).isBetween(10_000L, 20_000L);
        queue.doAppend(LogLines.line(Level.WARN, "a warning finds room"));
        long dropped = queue.dropped();
        stuck.open.countDown();
        queue.stop();
        List<String> lines = stuck.lines();
        assertThat(lines.stream().filter(line -> line.endsWith("msg=line"))).hasSize((int) (sent - dropped));
        assertThat(lines)
                .filteredOn(line -> line.contains("a warning finds room"))
                .hasSize(1);
        assertThat(lines)
                .filteredOn(line -> line.contains("Log lines were dropped"))
                .singleElement()
                .asString()
                .contains("level=WARN", "dropped=" + dropped);
    }

    @Test
    void noLineIsLostBetweenTwoTargets() {
        Stuck first = new Stuck();
        Stuck second = new Stuck();
        first.open.countDown();
        second.open.countDown();
        queue.writeTo(List.of(target(first)));
        queue.start();
        for (int i = 0; i < 500; i++) {
            queue.doAppend(LogLines.line(Level.INFO, "line"));
        }
        queue.writeTo(List.of(target(second)));
        for (int i = 0; i < 500; i++) {
            queue.doAppend(LogLines.line(Level.INFO, "line"));
        }
        queue.stop();
        assertThat(first.lines().size() + second.lines().size()).isEqualTo(1000);
        assertThat(second.lines()).hasSizeGreaterThanOrEqualTo(500);
    }
}
