package dev.olla;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Fails a test class after which Netty's leak detector finds buffers that nobody released; JUnit applies it to all.
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

    private static final Reports REPORTS = new Reports();
    private static final Cleaner CLEANER = Cleaner.create();

    @Override
    public void beforeAll(ExtensionContext context) {
        REPORTS.listen();
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> leaks = find();
        if (!leaks.isEmpty()) {
            throw new AssertionError("buffers were never released, perhaps by an earlier class: " + leaks);
        }
    }

    /// Collects garbage, and returns what the detector says about it since the last time.
    static List<String> find() throws InterruptedException {
        collectGarbage();
        for (int i = 0; i < 3; i++) {
            // The detector reports when the next buffer is made.
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
            ByteBufAllocator.DEFAULT.heapBuffer(16).release();
        }
        return REPORTS.take();
    }

    private static void collectGarbage() throws InterruptedException {
        CountDownLatch collected = new CountDownLatch(1);
        CLEANER.register(new Object(), collected::countDown);
        for (int i = 0; i < 50; i++) {
            System.gc();
            if (collected.await(100, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    /// What the leak detector logs.
    private static final class Reports extends AppenderBase<ILoggingEvent> {

        private final List<String> messages = new ArrayList<>();

        void listen() {
            if (!isStarted()) {
                start();
                ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(this);
            }
        }

        @Override
        protected void append(ILoggingEvent event) {
            synchronized (messages) {
                messages.add(event.getFormattedMessage());
            }
        }

        List<String> take() {
            synchronized (messages) {
                List<String> taken = List.copyOf(messages);
                messages.clear();
                return taken;
            }
        }
    }
}
