package dev.olla.fleet;

import dev.olla.http.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The fleet of the current configuration, which may be replaced by that of the next one.
///
/// A request that was routed before the change keeps the endpoints it was routed to.
public final class ReloadableFleet implements Fleet, EndpointSwitch, ModelRefresh, AutoCloseable {

    private volatile LiveFleet current;
    private volatile Consumer<Endpoint> whenLeft = _ -> {};

    public ReloadableFleet(LiveFleet first) {
        current = first;
    }

    /// Begins to probe and to discover; returns at once.
    public void start() {
        current.start();
    }

    /// Has the action called whenever an endpoint that took requests takes them no longer.
    ///
    /// @param action called on any thread, event loops included; must not block
    public synchronized void whenLeft(Consumer<Endpoint> action) {
        whenLeft = action;
        current.whenLeft(action);
    }

    /// Goes over to other endpoints or other discovery settings; servers that stay keep their state, their models,
    /// their counters and their breakers. The probes of the old configuration end.
    ///
    /// @param successors makes the new endpoints from the old ones, see [Endpoints#following]
    public synchronized void replace(UnaryOperator<List<Endpoint>> successors, DiscoverySettings settings) {
        LiveFleet before = current;
        LiveFleet next = before.succeededBy(successors.apply(before.endpoints()), settings);
        next.whenLeft(whenLeft);
        current = next;
        next.start();
        next.whenReady(before::becomeReady);
        Thread.ofVirtual().name("fleet-close").start(before::close);
    }

    /// Not while a replacement is made, which would miss it.
    @Override
    public synchronized @Nullable EndpointState set(String endpoint, EndpointMode mode) {
        return current.set(endpoint, mode);
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
    public void refresh(List<Endpoint> endpoints, Duration timeout, Consumer<Result> told) {
        current.refresh(endpoints, timeout, told);
    }

    @Override
    public void close() {
        current.close();
    }
}
