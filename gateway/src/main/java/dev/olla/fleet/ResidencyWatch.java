package dev.olla.fleet;

import dev.olla.http.Fetched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the Ollamas of a fleet what they have in memory, side by side, again and again.
public final class ResidencyWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResidencyWatch.class);

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.shared();

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

    private void round() throws InterruptedException {
        List<Endpoint> ollamas = new ArrayList<>();
        for (EndpointState state : fleet.snapshot().endpoints()) {
            if (state.endpoint().profile().ollamaNative() && state.takesWork()) {
                ollamas.add(state.endpoint());
            }
        }
        try {
            inquiry.get(ollamas, "/api/ps", LIMIT, MAX_BYTES).get().forEach(ResidencyWatch::learn);
        } catch (ExecutionException | RejectedExecutionException e) {
            LOG.debug("nobody could be asked what is loaded", e);
        }
    }

    private static void learn(Inquiry.Reply reply) {
        if (reply.fetched() instanceof Fetched.Answer answer && answer.status() == 200) {
            List<String> names = names(answer.body().bytes());
            if (names != null) {
                reply.endpoint().residency().seen(names);
            }
        }
    }

    /// Null when the answer is none of the expected shape.
    private static @Nullable List<String> names(byte[] body) {
        try {
            JsonNode models = JSON.readTree(body).path("models");
            if (!models.isArray()) {
                return null;
            }
            List<String> names = new ArrayList<>();
            for (JsonNode model : models) {
                String name = model.path("name").asString("");
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
            return names;
        } catch (JacksonException malformed) {
            return null;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
