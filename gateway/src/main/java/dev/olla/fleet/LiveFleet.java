package dev.olla.fleet;

import dev.olla.http.Fetcher;
import dev.olla.http.Origin;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The fleet as probes, discovery and live requests see it.
///
/// Start it once; closing it ends every thread and every call under way.
public final class LiveFleet implements Fleet, EndpointSwitch, ModelRefresh, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveFleet.class);

    /// How much longer than the first round of probes the gateway may count as starting.
    private static final Duration FIRST_DISCOVERY_LIMIT = Duration.ofSeconds(5);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final List<Endpoint> endpoints;
    private final Surroundings surroundings;
    private final FleetStates states;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("fleet-", 0).factory());
    private final HealthMonitor monitor;
    private final ModelDiscovery discovery;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /// The runs that the first probes led to; guarded by itself.
    private final List<CompletableFuture<Void>> firstRuns = new ArrayList<>();

    /// @param endpoints each at the index that is its position, see [Endpoints]
    /// @param version of the gateway, for `User-Agent`
    /// @param clock for what is shown
    /// @param nanoTime a clock such as [System#nanoTime]
    /// @param random for jitter; used by one thread at a time
    /// @throws IllegalArgumentException when a health check URL or model URL can't be used
    public LiveFleet(
            List<Endpoint> endpoints,
            DiscoverySettings settings,
            Fetcher fetcher,
            String version,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this(
                endpoints.stream().map(EndpointState::unknown).toList(),
                settings,
                new Surroundings(fetcher, version, clock, nanoTime, random),
                false);
    }

    private LiveFleet(
            List<EndpointState> initial, DiscoverySettings settings, Surroundings surroundings, boolean ready) {
        this.endpoints = initial.stream().map(EndpointState::endpoint).toList();
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).position() != i) {
                throw new IllegalArgumentException("endpoint " + endpoints.get(i) + " is not at its position");
            }
        }
        this.surroundings = surroundings;
        this.states = new FleetStates(initial, settings.unification());
        endpoints.forEach(endpoint -> endpoint.breaker().limitBy(states.ejectionLimit()));
        states.keepToEjectionLimit();
        this.discovery = new ModelDiscovery(endpoints, settings, states, surroundings, threads);
        this.monitor = new HealthMonitor(endpoints, states, surroundings, threads, this::changed);
        if (ready) {
            this.ready.complete(null);
        }
    }

    /// The fleet under a new configuration: what is known of the servers that stay is kept.
    ///
    /// @param successors made by [Endpoints#following]
    LiveFleet succeededBy(List<Endpoint> successors, DiscoverySettings settings) {
        List<EndpointState> initial = successors.stream().map(this::known).toList();
        return new LiveFleet(initial, settings, surroundings, ready());
    }

    private EndpointState known(Endpoint successor) {
        return snapshot().endpoints().stream()
                .filter(state -> state.endpoint().isSameServer(successor.settings()))
                .findFirst()
                .map(state -> state.carriedOverTo(successor))
                .orElseGet(() -> EndpointState.unknown(successor));
    }

    /// Lets go what waits: the successor has had its first round.
    void becomeReady() {
        ready.complete(null);
    }

    /// See [FleetStates#whenLeft].
    void whenLeft(Consumer<Endpoint> action) {
        states.whenLeft(action);
    }

    /// Every server that is asked for something: by requests, by probes, for its models.
    Set<Origin> origins() {
        Set<Origin> origins = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            origins.add(endpoint.origin());
            BackendProfile kind = endpoint.profile(); // the hosts are the same whatever kind it turns out to be
            for (URI asked : List.of(EndpointUrls.health(endpoint, kind), EndpointUrls.models(endpoint, kind))) {
                origins.add(Origin.of(asked).with(endpoint.tlsFor(asked)));
            }
        }
        return origins;
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    /// Begins to probe and to discover; returns at once.
    public void start() {
        if (endpoints.isEmpty()) {
            ready.complete(null);
            return;
        }
        for (EndpointState state : states.snapshot().endpoints()) {
            if (state.offersModels()) {
                CompletableFuture<Void> _ = discovery.discover(state.endpoint());
            }
        }
        monitor.start();
        threads.execute(this::run);
        threads.execute(this::forgetStale);
    }

    private void run() {
        try {
            monitor.awaitFirstRound();
            awaitFirstRuns();
            ready.complete(null);
            discovery.repeat();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void forgetStale() {
        try {
            discovery.forgetStale();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitFirstRuns() throws InterruptedException {
        CompletableFuture<Void> all;
        synchronized (firstRuns) {
            all = CompletableFuture.allOf(firstRuns.toArray(CompletableFuture<?>[]::new));
        }
        try {
            all.get(FIRST_DISCOVERY_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            log.info("the first discovery of models goes on in the background");
        } catch (ExecutionException e) {
            log.error("the first discovery of models broke", e.getCause());
        }
    }

    /// A probe changed a status: an endpoint that is back is asked for its models, the next run may be far.
    private void changed(EndpointWatch.Change change) {
        EndpointState before = change.before();
        boolean wanted = change.after() == EndpointStatus.HEALTHY
                || (change.after().routable() && before.modelsUpdated() == null);
        if (!wanted) {
            return;
        }
        if (before.probed() != EndpointStatus.UNKNOWN || ready()) {
            CompletableFuture<Void> _ = discovery.rediscover(before.endpoint());
            return;
        }
        synchronized (firstRuns) {
            firstRuns.add(discovery.discover(before.endpoint()));
        }
    }

    /// Ends everything, calls under way included; waits for it, two seconds at most.
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("some probes did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable EndpointState set(String name, EndpointMode mode) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.name().equals(name)) {
                EndpointMode before = endpoint.counters().mode().getAndSet(mode);
                if (before != mode) {
                    monitor.modeChanged(endpoint, before, mode);
                    states.keepToEjectionLimit();
                    log.info("endpoint {} is {} as asked", name, mode.name().toLowerCase(Locale.ROOT));
                }
                return states.state(endpoint);
            }
        }
        return null;
    }

    @Override
    public FleetSnapshot snapshot() {
        return states.snapshot();
    }

    @Override
    public boolean ready() {
        return ready.isDone();
    }

    @Override
    public void whenReady(Runnable action) {
        CompletableFuture<Void> _ = ready.thenRun(action).exceptionally(e -> {
            log.error("what waited for the fleet broke", e);
            return null;
        });
    }

    @Override
    public void unreachable(Endpoint endpoint, String reason) {
        if (mine(endpoint)) {
            monitor.lost(endpoint, reason);
        }
    }

    @Override
    public void answered(Endpoint endpoint) {
        if (mine(endpoint)) {
            monitor.answered(endpoint);
        }
    }

    @Override
    public void refresh(List<Endpoint> wanted, Duration timeout, Consumer<Result> told) {
        if (!discovery.enabled()) {
            told.accept(Result.FAILED);
            return;
        }
        List<CompletableFuture<Result>> answers = wanted.stream()
                .filter(this::mine)
                .map(endpoint -> discovery.refresh(endpoint, timeout))
                .toList();
        CompletableFuture<Void> _ = CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ ->
                        Result.of(answers.stream().map(CompletableFuture::join).toList()))
                .completeOnTimeout(Result.FAILED, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenAccept(told)
                .exceptionally(e -> {
                    log.error("what waited for models broke", e);
                    return null;
                });
    }

    /// A request may outlive the fleet that its endpoint was part of.
    private boolean mine(Endpoint endpoint) {
        int position = endpoint.position();
        return position < endpoints.size() && endpoints.get(position) == endpoint;
    }
}
