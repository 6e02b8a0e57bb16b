package dev.olla.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// One event loop, the thread on which exchanges live, with what belongs to that thread alone.
public final class Loop implements Executor {

    private final EventLoop eventLoop;
    private final Deadlines deadlines;
    private final HeadWriter headWriter = new HeadWriter();
    private final Map<Origin, IdleConnections> idleConnections = new HashMap<>();
    private final Map<Origin, SharedConnections> sharedConnections = new HashMap<>();

    Loop(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
        this.deadlines = new Deadlines(eventLoop);
    }

    /// An action that waits for its time.
    @FunctionalInterface
    public interface Timer {
        void cancel();
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    HeadWriter headWriter() {
        return headWriter;
    }

    /// The unused connections of this loop to each origin.
    Map<Origin, IdleConnections> idleConnections() {
        return idleConnections;
    }

    /// The HTTP/2 connections of this loop to each origin.
    Map<Origin, SharedConnections> sharedConnections() {
        return sharedConnections;
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

    /// Runs the action on this loop as soon as it can, but never at once. Any thread may call it.
    public void later(Runnable action) {
        eventLoop.execute(action);
    }

    /// Runs the action on this loop after the delay, unless cancelled. Any thread may call it.
    public Timer after(Duration delay, Runnable action) {
        Future<?> future = eventLoop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
