package dev.olla.fleet;

import dev.olla.fleet.ModelListRequest.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out which models the endpoints hold. Each endpoint is asked alone: what one does never touches another.
final class ModelDiscovery {

    private static final Logger log = LoggerFactory.getLogger(ModelDiscovery.class);

    /// After a recovery somebody may be waiting for the models.
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(10);

    private final List<EndpointQuestions> questions;
    private final DiscoverySettings settings;
    private final FleetStates states;
    private final Surroundings surroundings;
    private final Executor threads;
    private final Semaphore workers;
    /// The questions of [#refresh] that are under way.
    private final Map<Endpoint, CompletableFuture<ModelRefresh.Result>> refreshes = new ConcurrentHashMap<>();
    private final Object publishing = new Object();
    private long runs;
    /// By position: the youngest run that published.
    private final long[] published;
    /// By position: when a list came last, in nanoseconds of the clock.
    private final long[] listedAt;

    /// @param threads runs each task on a virtual thread
    ModelDiscovery(
            List<Endpoint> endpoints,
            DiscoverySettings settings,
            FleetStates states,
            Surroundings surroundings,
            Executor threads) {
        this.questions = endpoints.stream()
                .map(endpoint -> new EndpointQuestions(endpoint, surroundings))
                .toList();
        this.settings = settings;
        this.states = states;
        this.surroundings = surroundings;
        this.threads = threads;
        this.workers = new Semaphore(Math.max(1, settings.workers()));
        this.published = new long[endpoints.size()];
        this.listedAt = new long[endpoints.size()];
        java.util.Arrays.fill(listedAt, now());
    }

    /// Asks every endpoint that is up for its models, again and again, until interrupted.
    void repeat() throws InterruptedException {
        while (settings.enabled()) {
            Thread.sleep(settings.interval());
            List<CompletableFuture<Void>> pass = new ArrayList<>();
            for (EndpointState state : states.snapshot().endpoints()) {
                if (state.offersModels()) {
                    pass.add(discover(state.endpoint()));
                }
            }
            for (CompletableFuture<Void> run : pass) {
                await(run);
            }
        }
    }

    private static void await(CompletableFuture<Void> run) throws InterruptedException {
        try {
            run.get();
        } catch (ExecutionException e) {
            log.error("the discovery of models broke", e.getCause());
        }
    }

    /// Forgets the models of endpoints that gave no list for too long, again and again, until interrupted.
    void forgetStale() throws InterruptedException {
        Duration threshold = settings.unification().staleThreshold();
        if (!settings.enabled() || threshold.isZero()) {
            return;
        }
        Duration interval = settings.unification().cleanupInterval();
        while (true) {
            Thread.sleep(interval.isZero() || interval.compareTo(threshold) > 0 ? threshold : interval);
            states.snapshot().endpoints().forEach(state -> forgetIfStale(state, threshold));
        }
    }

    private void forgetIfStale(EndpointState state, Duration threshold) {
        Endpoint endpoint = state.endpoint();
        synchronized (publishing) {
            boolean stale = now() - listedAt[endpoint.position()] > threshold.toNanos();
            if (!stale || state.models().isEmpty()) {
                return;
            }
            states.forget(endpoint);
        }
        log.info("endpoint {} gave no model list for {}: its models are forgotten", endpoint, threshold);
    }

    /// Asks an endpoint as soon as a worker is free.
    ///
    /// @return completes when its list is read or can't be, whatever is asked afterwards
    CompletableFuture<Void> discover(Endpoint endpoint) {
        return start(endpoint, workers, Duration.ofDays(1), false);
    }

    /// Asks an endpoint that is back, at once; it may be another server now.
    CompletableFuture<Void> rediscover(Endpoint endpoint) {
        return start(endpoint, new Semaphore(1), RECOVERY_LIMIT, true);
    }

    private CompletableFuture<Void> start(Endpoint endpoint, Semaphore permits, Duration limit, boolean recheckKind) {
        if (!settings.enabled()) {
            return CompletableFuture.completedFuture(null);
        }
        DiscoveryRun run = new DiscoveryRun(
                this,
                questions.get(endpoint.position()),
                new DiscoveryRun.Plan(nextNumber(), permits, now() + limit.toNanos(), recheckKind));
        try {
            threads.execute(run);
            return run.listed();
        } catch (RejectedExecutionException _) {
            return CompletableFuture.completedFuture(null); // the fleet is being closed
        }
    }

    /// Asks an endpoint now and once. Whoever asks while a question is under way shares its answer.
    ///
    /// @return completes with what came of it
    CompletableFuture<ModelRefresh.Result> refresh(Endpoint endpoint, Duration timeout) {
        CompletableFuture<ModelRefresh.Result> mine = new CompletableFuture<>();
        CompletableFuture<ModelRefresh.Result> running = refreshes.putIfAbsent(endpoint, mine);
        if (running != null) {
            return running;
        }
        try {
            threads.execute(() -> refresh(endpoint, timeout, mine));
        } catch (RejectedExecutionException _) {
            endRefresh(endpoint, mine, ModelRefresh.Result.FAILED); // the fleet is being closed
        }
        return mine;
    }

    private void refresh(Endpoint endpoint, Duration timeout, CompletableFuture<ModelRefresh.Result> told) {
        ModelRefresh.Result result = ModelRefresh.Result.FAILED;
        long end = surroundings.nanoTime().getAsLong() + timeout.toNanos();
        try {
            Outcome outcome = list(endpoint, timeout);
            publish(endpoint, nextNumber(), outcome);
            boolean inTime = surroundings.nanoTime().getAsLong() - end < 0;
            result = switch (outcome) {
                case Outcome.Found _ -> ModelRefresh.Result.LISTED;
                case Outcome.Problem _ -> inTime ? ModelRefresh.Result.UNREADABLE : ModelRefresh.Result.FAILED;
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("the discovery of the models of endpoint {} broke", endpoint, e);
        } finally {
            endRefresh(endpoint, told, result);
        }
    }

    private Outcome list(Endpoint endpoint, Duration timeout) throws InterruptedException {
        EndpointQuestions asked = questions.get(endpoint.position());
        BackendProfile kind = states.state(endpoint).profile();
        Outcome outcome = asked.list().ask(kind, timeout);
        return outcome instanceof Outcome.Found(List<DiscoveredModel> models, @Nullable String remark)
                ? new Outcome.Found(asked.details().ofServer(kind, models, timeout), remark)
                : outcome;
    }

    private void endRefresh(
            Endpoint endpoint, CompletableFuture<ModelRefresh.Result> told, ModelRefresh.Result result) {
        refreshes.remove(endpoint, told);
        told.complete(result);
    }

    boolean enabled() {
        return settings.enabled();
    }

    private long nextNumber() {
        synchronized (publishing) {
            return ++runs;
        }
    }

    long now() {
        return surroundings.nanoTime().getAsLong();
    }

    DiscoverySettings settings() {
        return settings;
    }

    FleetStates states() {
        return states;
    }

    /// Publishes what a run found, unless a younger run has published already.
    ///
    /// @return whether it was published
    boolean publish(Endpoint endpoint, long run, Outcome outcome) {
        String problemBefore;
        synchronized (publishing) {
            if (published[endpoint.position()] > run) {
                return false;
            }
            published[endpoint.position()] = run;
            problemBefore = states.state(endpoint).modelProblem();
            switch (outcome) {
                case Outcome.Found(List<DiscoveredModel> models, @Nullable String remark) -> {
                    listedAt[endpoint.position()] = now();
                    states.listed(endpoint, models, surroundings.clock().instant(), remark);
                }
                case Outcome.Problem problem -> states.update(endpoint, state -> state.unlisted(problem.words()));
            }
        }
        tell(endpoint, outcome, problemBefore);
        return true;
    }

    private static void tell(Endpoint endpoint, Outcome outcome, @Nullable String problemBefore) {
        switch (outcome) {
            case Outcome.Found(List<DiscoveredModel> models, @Nullable String remark)
            when remark == null || remark.equals(problemBefore) ->
                log.debug("endpoint {} lists {} models", endpoint, models.size());
            case Outcome.Found(List<DiscoveredModel> _, @Nullable String remark) ->
                log.warn("models of endpoint {}: {}", endpoint, remark);
            case Outcome.Problem problem
            when !problem.words().equals(problemBefore) ->
                log.warn("no models from endpoint {}: {}", endpoint, problem.words());
            case Outcome.Problem _ -> {}
        }
    }
}
