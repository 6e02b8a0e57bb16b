package dev.olla.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The current [FleetSnapshot] and the only way to change it. Safe for all threads.
final class FleetStates {

    private final AtomicReference<FleetSnapshot> current;
    private final UnificationSettings unification;
    private final ModelRoom room;
    private final Object modelsChange = new Object();
    private final EjectionLimit ejectionLimit = this::hasRoomToEject;
    private volatile Consumer<Endpoint> whenLeft = _ -> {};

    FleetStates(List<EndpointState> initial, UnificationSettings unification) {
        this.unification = unification;
        this.room = new ModelRoom(initial.size());
        current = new AtomicReference<>(new FleetSnapshot(initial, new ModelCatalogue(initial, unification)));
    }

    /// Called, on any thread, whenever an endpoint that took requests takes them no longer; must not block.
    void whenLeft(Consumer<Endpoint> action) {
        whenLeft = action;
    }

    /// The limit that the breakers of these endpoints share.
    EjectionLimit ejectionLimit() {
        return ejectionLimit;
    }

    FleetSnapshot snapshot() {
        return current.get();
    }

    EndpointState state(Endpoint endpoint) {
        return current.get().endpoints().get(endpoint.position());
    }

    /// Publishes a change of anything but the models. Cheap and never waits: event loops may call it.
    ///
    /// @param change has no side effects: it may run more than once
    void update(Endpoint endpoint, UnaryOperator<EndpointState> change) {
        while (true) {
            FleetSnapshot before = current.get();
            List<EndpointState> states = changed(before, endpoint, change);
            if (current.compareAndSet(before, new FleetSnapshot(states, before.catalogue()))) {
                int position = endpoint.position();
                if (before.endpoints().get(position).routable()
                        && !states.get(position).routable()) {
                    whenLeft.accept(endpoint);
                    keepToEjectionLimit();
                }
                return;
            }
        }
    }

    /// Publishes a model list, with a new catalogue if it differs from the last. Takes its time: never on an event
    /// loop.
    ///
    /// @param remark what was wrong with it nevertheless; null where nothing was
    void listed(Endpoint endpoint, List<DiscoveredModel> listed, Instant at, @Nullable String remark) {
        synchronized (modelsChange) {
            List<DiscoveredModel> known = state(endpoint).models();
            KnownModels before = KnownModels.of(current.get(), endpoint);
            ModelRoom.Admitted admitted = room.admit(endpoint, before.applyTo(listed, at), before);
            List<DiscoveredModel> models = admitted.models();
            String told = admitted.remark() == null ? remark : admitted.remark();
            if (known.equals(models)) {
                update(endpoint, state -> state.listed(known, at, told));
            } else {
                replaceModels(endpoint, state -> state.listed(models, at, told));
            }
        }
    }

    /// Publishes what kind of server an endpoint is; takes its time too.
    void taken(Endpoint endpoint, EndpointKind kind) {
        synchronized (modelsChange) {
            if (!state(endpoint).kind().equals(kind)) {
                replaceModels(endpoint, state -> state.taken(kind));
            }
        }
    }

    /// Publishes that an old list counts no longer; takes its time too.
    void forget(Endpoint endpoint) {
        synchronized (modelsChange) {
            replaceModels(endpoint, EndpointState::forgotten);
        }
    }

    /// Statuses may change meanwhile, models may not, so the catalogue is built once.
    private void replaceModels(Endpoint endpoint, UnaryOperator<EndpointState> change) {
        ModelCatalogue catalogue = new ModelCatalogue(changed(current.get(), endpoint, change), unification);
        while (true) {
            FleetSnapshot before = current.get();
            List<EndpointState> states = changed(before, endpoint, change);
            if (current.compareAndSet(before, new FleetSnapshot(states, catalogue))) {
                return;
            }
        }
    }

    /// Where others went down or were taken out, and the ejected are too many of those that are left, the one
    /// that was ejected first may be tried again before its time.
    void keepToEjectionLimit() {
        synchronized (ejectionLimit) {
            endOpenTimesOverLimit();
        }
    }

    private void endOpenTimesOverLimit() {
        List<CircuitBreaker> ejected = current.get().endpoints().stream()
                .filter(EndpointState::takesWork)
                .map(state -> state.endpoint().breaker())
                .filter(breaker -> breaker.standing() == CircuitBreaker.Standing.EJECTED)
                .sorted(CircuitBreaker.FIRST_EJECTED)
                .toList();
        for (CircuitBreaker first : ejected) {
            Share share = share(null);
            if (share.ejected() <= share.most(first.maxEjectedPercent())) {
                return;
            }
            first.endOpenTime();
        }
    }

    /// Whether one more endpoint may be ejected, of those that are up or would be but for their breaker.
    private boolean hasRoomToEject(CircuitBreaker asking, int maxPercent) {
        Share share = share(asking);
        return share.ejected() < share.most(maxPercent);
    }

    /// @param asking one that counts as up whatever is said of it
    private Share share(@Nullable CircuitBreaker asking) {
        int up = 0;
        int ejected = 0;
        for (EndpointState state : current.get().endpoints()) {
            CircuitBreaker breaker = state.endpoint().breaker();
            if (state.takesWork() || (breaker == asking && state.endpoint().enabled())) {
                up++;
                ejected += breaker.standing() == CircuitBreaker.Standing.EJECTED ? 1 : 0;
            }
        }
        return new Share(up, ejected);
    }

    /// @param up endpoints that take requests, or would but for their breaker
    /// @param ejected those of them that are
    private record Share(int up, int ejected) {

        int most(int maxPercent) {
            int most = up * maxPercent / 100;
            return up >= 2 ? Math.max(1, most) : most;
        }
    }

    private static List<EndpointState> changed(
            FleetSnapshot before, Endpoint endpoint, UnaryOperator<EndpointState> change) {
        List<EndpointState> states = new ArrayList<>(before.endpoints());
        states.set(endpoint.position(), change.apply(states.get(endpoint.position())));
        return states;
    }
}
