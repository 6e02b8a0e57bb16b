package dev.olla.telemetry;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Counts requests to the proxy routes, each once whatever it took. Safe for all threads.
public final class SystemStatistics {

    private final EndpointStatistics requests = new EndpointStatistics();
    private final LongAdder active = new LongAdder();
    private final LongAdder rateLimitViolations = new LongAdder();
    private final LongAdder sizeLimitViolations = new LongAdder();
    private final BlockedClients blockedClients;

    public SystemStatistics() {
        this(System::nanoTime);
    }

    /// @param nanoTime a clock such as [System#nanoTime]
    public SystemStatistics(LongSupplier nanoTime) {
        blockedClients = new BlockedClients(nanoTime);
    }

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

    /// A request was refused because its client, or all clients together, sent too many.
    ///
    /// @param client its address
    public void rateLimitViolated(String client) {
        rateLimitViolations.increment();
        blockedClients.add(client);
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

    /// Clients that sent too many requests within the last hour, up to 10,000.
    public long blockedClients() {
        return blockedClients.count();
    }

    public long sizeLimitViolations() {
        return sizeLimitViolations.sum();
    }
}
