package dev.olla.fleet;

import dev.olla.http.Origin;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The fleet of the current configuration, which may be replaced by that of the next one.
///
/// A request that was routed before the change keeps the endpoints it was routed to.
public final class ReloadableFleet implements Fleet, AutoCloseable {

    private volatile LiveFleet current;

    public ReloadableFleet(LiveFleet first) {
        current = first;
    }

    /// Begins to probe and to discover; returns at once.
    public void start() {
        current.start();
    }

    /// Goes over to other endpoints or other discovery settings; servers that stay keep their state, their models,
    /// their counters and their breakers. The probes of the old configuration end.
    ///
    /// @param successors makes the new endpoints from the old ones, see [Endpoints#following]
    public synchronized void replace(UnaryOperator<List<Endpoint>> successors, DiscoverySettings settings) {
        LiveFleet before = current;
        LiveFleet next = before.succeededBy(successors.apply(before.endpoints()), settings);
        current = next;
        next.start();
        next.whenReady(before::becomeReady);
        Thread.ofVirtual().name("fleet-close").start(before::close);
    }

    /// Every server that is asked for something: by requests, by probes, for its models.
    public Set<Origin> origins() {
        return current.origins();
    }

    @Override
    public FleetSnapshot snapshot() {
        return current.snapshot();
    }

    @Override
    public boolean ready() {
        return current.ready();
    }

    @Override
    public void whenReady(Runnable action) {
        current.whenReady(action);
    }

    @Override
    public void unreachable(Endpoint endpoint, String reason) {
        current.unreachable(endpoint, reason);
    }

    @Override
    public void answered(Endpoint endpoint) {
        current.answered(endpoint);
    }

    @Override
    public void close() {
        current.close();
    }
}
