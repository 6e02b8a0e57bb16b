package dev.olla.telemetry;

import java.util.concurrent.atomic.LongAdder;

/// Counts requests to the proxy routes, each once whatever it took. Safe for all threads.
public final class SystemStatistics {

    private final EndpointStatistics requests = new EndpointStatistics();
    private final LongAdder active = new LongAdder();
    private final LongAdder rateLimitViolations = new LongAdder();
    private final LongAdder sizeLimitViolations = new LongAdder();

    /// A request was passed on to the fleet.
    public void started() {
        requests.started();
        active.increment();
    }

    public void succeeded(long millis, long bodyBytes) {
        active.decrement();
        requests.succeeded(millis, bodyBytes);
    }

    public void failed() {
        active.decrement();
        requests.failed();
    }

    public void clientLeft() {
        active.decrement();
        requests.clientLeft();
    }

    /// A request was refused for its size.
    public void sizeLimitViolated() {
        sizeLimitViolations.increment();
    }

    public void rateLimitViolated() {
        rateLimitViolations.increment();
    }

    /// The totals over all requests.
    public EndpointStatistics requests() {
        return requests;
    }

    public long active() {
        return active.sum();
    }

    public long rateLimitViolations() {
        return rateLimitViolations.sum();
    }

    public long sizeLimitViolations() {
        return sizeLimitViolations.sum();
    }
}
