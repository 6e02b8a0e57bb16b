package dev.olla.fleet;

import dev.olla.http.Fetched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the servers of a fleet that load models on demand what they have in memory, side by side, again and again.
public final class ResidencyWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResidencyWatch.class);

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 1024 * 1024;

    /// What was known of a server when it was asked.
    private record Asked(BackendProfile kind, long moves) {

        static Asked now(EndpointState state) {
            return new Asked(state.profile(), state.endpoint().residency().moves());
        }

        long loadNanos(String model) {
            return kind.resources().needs(model).loadTime().toNanos();
        }
    }

    private final Fleet fleet;
    private final Inquiry inquiry;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile ResidencySettings settings;

    /// Begins at once.
    public ResidencyWatch(Fleet fleet, Inquiry inquiry, ResidencySettings settings) {
        this.fleet = fleet;
        this.inquiry = inquiry;
        this.settings = settings;
        this.thread = Thread.ofVirtual().name("residency").start(this::run);
    }

    /// Goes on by other settings from now on.
    public void use(ResidencySettings next) {
        settings = next;
    }

    /// Something was loaded just now: asks soon. Never waits.
    public void askSoon() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    private void run() {
        fleet.whenReady(this::askSoon);
        try {
            while (true) {
                boolean _ = wanted.tryAcquire(settings.refresh().toNanos(), TimeUnit.NANOSECONDS);
                round();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Every kind is asked in its own way, all servers side by side.
    private void round() throws InterruptedException {
        Map<LoadedQuestion, List<Endpoint>> questions = new EnumMap<>(LoadedQuestion.class);
        Map<Endpoint, Asked> asked = new HashMap<>();
        for (EndpointState state : fleet.snapshot().endpoints()) {
            LoadedQuestion question = state.takesWork() ? LoadedQuestion.of(state.profile()) : null;
            if (question != null) {
                questions.computeIfAbsent(question, _ -> new ArrayList<>()).add(state.endpoint());
                asked.put(state.endpoint(), Asked.now(state));
            }
        }
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        questions.forEach((question, endpoints) -> answers.add(inquiry.get(endpoints, question.path(), LIMIT, MAX_BYTES)
                .thenAccept(replies -> replies.forEach(reply -> learn(question, reply, asked)))));
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .get();
        } catch (ExecutionException | RejectedExecutionException e) {
            LOG.debug("nobody could be asked what is loaded", e);
        }
    }

    private static void learn(LoadedQuestion question, Inquiry.Reply reply, Map<Endpoint, Asked> asked) {
        Asked before = asked.get(reply.endpoint());
        if (before != null && reply.fetched() instanceof Fetched.Answer answer && answer.status() == 200) {
            List<String> names = question.read(answer.body().bytes());
            if (names != null) {
                Residency.Report report = new Residency.Report(names, before.moves, question.namesLoading());
                reply.endpoint().residency().seen(report, before::loadNanos);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
