package dev.olla.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// One event loop: the thread on which exchanges live.
public final class Loop implements Executor {

    private final EventLoop eventLoop;

    Loop(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /// An action that waits for its time.
    @FunctionalInterface
    public interface Timer {
        void cancel();
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /// Runs the action on this loop: at once when called there, else as soon as it can. Any thread may call it.
    @Override
    public void execute(Runnable action) {
        if (eventLoop.inEventLoop()) {
            action.run();
        } else {
            eventLoop.execute(action);
        }
    }

    /// Runs the action on this loop after the delay, unless cancelled. Any thread may call it.
    public Timer after(Duration delay, Runnable action) {
        ScheduledFuture<?> future = eventLoop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
