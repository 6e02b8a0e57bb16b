package dev.olla.fleet;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out which models the endpoints hold. Each endpoint is asked alone: what one does never touches another.
final class ModelDiscovery {

    private static final Logger log = LoggerFactory.getLogger(ModelDiscovery.class);

    /// After a recovery somebody may be waiting for the models.
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(10);

    private final List<ModelListRequest> requests;
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

    /// @param threads runs each task on a virtual thread
    ModelDiscovery(
            List<Endpoint> endpoints,
            DiscoverySettings settings,
            FleetStates states,
            Surroundings surroundings,
            Executor threads) {
        this.requests = endpoints.stream()
                .map(endpoint -> new ModelListRequest(endpoint, surroundings))
                .toList();
        this.settings = settings;
        this.states = states;
        this.surroundings = surroundings;
        this.threads = threads;
        this.workers = new Semaphore(Math.max(1, settings.workers()));
        this.published = new long[endpoints.size()];
    }

    /// Asks every routable endpoint for its models, again and again, until interrupted.
    void repeat() throws InterruptedException {
        while (settings.enabled()) {
            Thread.sleep(settings.interval());
            List<CompletableFuture<Void>> pass = new ArrayList<>();
            for (EndpointState state : states.snapshot().endpoints()) {
                if (state.routable()) {
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

    /// Asks an endpoint as soon as a worker is free.
    ///
    /// @return completes when the run is over, whatever it found
    CompletableFuture<Void> discover(Endpoint endpoint) {
        return start(endpoint, workers, Duration.ofDays(1));
    }

    /// Asks an endpoint that is back, at once.
    CompletableFuture<Void> rediscover(Endpoint endpoint) {
        return start(endpoint, new Semaphore(1), RECOVERY_LIMIT);
    }

    private CompletableFuture<Void> start(Endpoint endpoint, Semaphore permits, Duration limit) {
        if (!settings.enabled()) {
            return CompletableFuture.completedFuture(null);
        }
        long end = surroundings.nanoTime().getAsLong() + limit.toNanos();
        Run run = new Run(requests.get(endpoint.position()), nextNumber(), permits, end);
        try {
            return CompletableFuture.runAsync(run, threads);
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
            ModelListRequest.Outcome outcome = requests.get(endpoint.position()).ask(timeout);
            publish(endpoint, nextNumber(), outcome);
            boolean inTime = surroundings.nanoTime().getAsLong() - end < 0;
            result = switch (outcome) {
                case ModelListRequest.Outcome.Found _ -> ModelRefresh.Result.LISTED;
                case ModelListRequest.Outcome.Problem _ ->
                    inTime ? ModelRefresh.Result.UNREADABLE : ModelRefresh.Result.FAILED;
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("the discovery of the models of endpoint {} broke", endpoint, e);
        } finally {
            endRefresh(endpoint, told, result);
        }
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

    /// Publishes what a run found, unless a younger run has published already.
    private void publish(Endpoint endpoint, long run, ModelListRequest.Outcome outcome) {
        String problemBefore;
        synchronized (publishing) {
            if (published[endpoint.position()] > run) {
                return;
            }
            published[endpoint.position()] = run;
            problemBefore = states.state(endpoint).modelProblem();
            switch (outcome) {
                case ModelListRequest.Outcome.Found(List<DiscoveredModel> models) ->
                    states.listed(endpoint, models, surroundings.clock().instant());
                case ModelListRequest.Outcome.Problem(String words, boolean _) ->
                    states.update(endpoint, state -> state.unlisted(words));
            }
        }
        switch (outcome) {
            case ModelListRequest.Outcome.Found(List<DiscoveredModel> models) ->
                log.debug("endpoint {} lists {} models", endpoint, models.size());
            case ModelListRequest.Outcome.Problem(String words, boolean _)
            when !words.equals(problemBefore) -> log.warn("no models from endpoint {}: {}", endpoint, words);
            case ModelListRequest.Outcome.Problem _ -> {}
        }
    }

    /// Asks one endpoint until it answers or the attempts are used up.
    private final class Run implements Runnable {

        private final ModelListRequest request;
        private final long number;
        private final Semaphore permits;
        private final long end;

        Run(ModelListRequest request, long number, Semaphore permits, long end) {
            this.request = request;
            this.number = number;
            this.permits = permits;
            this.end = end;
        }

        @Override
        public void run() {
            try {
                attempts();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.error("the discovery of the models of endpoint {} broke", request.endpoint(), e);
            }
        }

        private void attempts() throws InterruptedException {
            Duration pause = settings.retryBackoff();
            for (int left = settings.retryAttempts(); ; left--) {
                ModelListRequest.Outcome outcome = attempt();
                publish(request.endpoint(), number, outcome);
                boolean again = outcome instanceof ModelListRequest.Outcome.Problem(var _, boolean temporary)
                        && temporary
                        && left > 0
                        && pause.toNanos() < remaining()
                        && states.state(request.endpoint()).routable();
                if (!again) {
                    return;
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2);
            }
        }

        /// Holds a worker while it asks, not while it pauses: a server that hangs must not keep the others waiting.
        private ModelListRequest.Outcome attempt() throws InterruptedException {
            permits.acquire();
            try {
                long nanos = Math.min(settings.timeout().toNanos(), Math.max(1, remaining()));
                return request.ask(Duration.ofNanos(nanos));
            } finally {
                permits.release();
            }
        }

        private long remaining() {
            return end - surroundings.nanoTime().getAsLong();
        }
    }
}
