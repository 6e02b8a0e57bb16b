package dev.olla.fleet;

import dev.olla.fleet.ModelListRequest.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one endpoint until it gave its list or the attempts are used up, and then for what its list doesn't tell.
final class DiscoveryRun implements Runnable {

    private static final Duration LONGEST_FOR_VERSION = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(DiscoveryRun.class);

    private static final Duration PATIENCE_WITH_DETAILS = Duration.ofSeconds(1);

    private final ModelDiscovery discovery;
    private final EndpointQuestions questions;
    private final Endpoint endpoint;
    private final FleetStates states;
    private final Plan plan;
    private final CompletableFuture<Void> listed = new CompletableFuture<>();
    private boolean recheckKind;

    /// @param number of two runs, the one with the higher number knows better
    /// @param permits held while it asks
    /// @param end in nanoseconds of the clock
    /// @param recheckKind whether a kind that was found before may have changed
    record Plan(long number, Semaphore permits, long end, boolean recheckKind) {}

    DiscoveryRun(ModelDiscovery discovery, EndpointQuestions questions, Plan plan) {
        this.discovery = discovery;
        this.questions = questions;
        this.endpoint = questions.endpoint();
        this.states = discovery.states();
        this.plan = plan;
        this.recheckKind = plan.recheckKind();
    }

    /// Completes when the list is read or can't be; details of the models are waited for only shortly.
    CompletableFuture<Void> listed() {
        return listed;
    }

    @Override
    public void run() {
        try {
            if (attempts()) {
                listed.completeOnTimeout(null, PATIENCE_WITH_DETAILS.toMillis(), TimeUnit.MILLISECONDS);
                askMore();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("the discovery of the models of endpoint {} broke", endpoint, e);
        } finally {
            listed.complete(null);
        }
    }

    /// Whether a list was found and published.
    private boolean attempts() throws InterruptedException {
        Duration pause = discovery.settings().retryBackoff();
        for (int left = discovery.settings().retryAttempts(); ; left--) {
            Outcome outcome = attempt();
            boolean published = discovery.publish(endpoint, plan.number(), outcome);
            if (published && outcome instanceof Outcome.Found) {
                askVersion();
            }
            boolean again = outcome instanceof Outcome.Problem problem
                    && problem.temporary()
                    && left > 0
                    && pause.toNanos() < remaining()
                    && states.state(endpoint).offersModels();
            if (!again) {
                return published && outcome instanceof Outcome.Found;
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    /// Holds a worker while it asks, not while it pauses: a server that hangs must not keep the others waiting.
    private Outcome attempt() throws InterruptedException {
        plan.permits().acquire();
        try {
            Outcome outcome = list(kind());
            boolean otherKind = outcome instanceof Outcome.Problem problem && problem.unfit() && mayBeAnother();
            return otherKind ? list(kind()) : outcome;
        } finally {
            plan.permits().release();
        }
    }

    private Outcome list(BackendProfile kind) throws InterruptedException {
        kind.warm();
        Outcome outcome = questions.list().ask(kind, timeout());
        if (!(outcome instanceof Outcome.Found(List<DiscoveredModel> models, @Nullable String remark))) {
            return outcome;
        }
        return new Outcome.Found(questions.details().ofServer(kind, models, timeout()), remark);
    }

    /// The models are listed by then: nobody waits for a version but who waits for the whole run.
    private void askVersion() throws InterruptedException {
        plan.permits().acquire();
        try {
            String version = questions.details().version(states.state(endpoint).profile(), patience());
            if (version != null) {
                states.update(endpoint, state -> state.ofVersion(version));
            }
        } finally {
            plan.permits().release();
        }
    }

    private Duration patience() {
        return timeout().compareTo(LONGEST_FOR_VERSION) < 0 ? timeout() : LONGEST_FOR_VERSION;
    }

    /// The answers don't fit what was found before: forgets it, and looks once more in this run.
    private boolean mayBeAnother() {
        if (!endpoint.settings().isAuto()
                || recheckKind
                || states.state(endpoint).ofUnknownKind()) {
            return false;
        }
        recheckKind = true;
        states.taken(endpoint, EndpointKind.configured(endpoint));
        return true;
    }

    /// What the endpoint is, found out where nobody wrote it.
    private BackendProfile kind() throws InterruptedException {
        EndpointKind before = states.state(endpoint).kind();
        if (!endpoint.settings().isAuto() || (before.known() && !recheckKind)) {
            return before.profile();
        }
        BackendProfile found = questions.kind().detect(timeout());
        if (found == null) {
            return before.profile();
        }
        recheckKind = false;
        EndpointKind now = before.foundAgain(found);
        states.taken(endpoint, now);
        if (!before.equals(now)) {
            log.info("endpoint {} is found to be {}", endpoint, found.displayName());
        }
        return found;
    }

    private void askMore() throws InterruptedException {
        EndpointState state = states.state(endpoint);
        if (!ModelDetails.toldByModel(state.profile())) {
            return;
        }
        questions.one().lockInterruptibly();
        try {
            List<DiscoveredModel> richer = questions
                    .details()
                    .ofModels(
                            state.models(),
                            digest -> states.snapshot().catalogue().told(digest),
                            timeout());
            if (!richer.equals(state.models())) {
                discovery.publish(endpoint, plan.number(), new Outcome.Found(richer, state.modelProblem()));
            }
        } finally {
            questions.one().unlock();
        }
    }

    private Duration timeout() {
        return Duration.ofNanos(Math.min(discovery.settings().timeout().toNanos(), Math.max(1, remaining())));
    }

    private long remaining() {
        return plan.end() - discovery.now();
    }
}
