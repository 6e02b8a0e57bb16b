package dev.olla.request.select;

import dev.olla.fleet.Places;
import dev.olla.telemetry.QueueFigures;
import dev.olla.telemetry.QueueStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where requests wait that find no free place: one bounded line per model. Safe for all threads.
///
/// One lock, held for a moment, guards all lines. Whoever gives a place back offers it here; under the lock the
/// next in turn takes it, so that no newcomer can snatch it, and the place is then handed over on the loop of the
/// request. No wake-up is lost: who joins looks for a place once more after being counted in [#isEmpty], and who
/// gives a place back looks at that count after the place is free.
public final class WaitingRoom {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

    private final LongSupplier nanoTime;
    private final QueueStatistics statistics = new QueueStatistics();
    private final Object lock = new Object();
    /// In the order of their turns: a model that was served goes to the end.
    private final Map<String, ClientTurns> lines = new LinkedHashMap<>();
    /// How many wait in each line that isn't empty; written under the lock only.
    private final Map<String, Integer> lengths = new ConcurrentHashMap<>();
    /// Written under the lock only.
    private volatile int waiting;

    private long bytes;
    private volatile QueueSettings settings;

    /// @param nanoTime a clock such as [System#nanoTime]
    public WaitingRoom(QueueSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /// Goes on by other settings from now on; who waits already stays.
    public void use(QueueSettings next) {
        settings = next;
    }

    QueueSettings settings() {
        return settings;
    }

    public QueueStatistics statistics() {
        return statistics;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /// Whether nobody waits.
    boolean isEmpty() {
        return waiting == 0;
    }

    /// How many wait for the model. Takes no lock.
    int waiting(String queue) {
        return isEmpty() ? 0 : lengths.getOrDefault(queue, 0);
    }

    /// Takes the request in, and gives it a place where one is free and nobody before it wants that.
    ///
    /// @return false when there is no room
    boolean join(Ticket ticket) {
        List<Ticket> seated = new ArrayList<>();
        synchronized (lock) {
            ClientTurns line = lines.computeIfAbsent(ticket.demand().queue(), _ -> new ClientTurns());
            long sum = bytes + ticket.demand().bytes();
            if (line.size() >= settings.maxLength() || sum > settings.maxBytes()) {
                forgetIfEmpty(ticket);
                return false;
            }
            ticket.enlist();
            line.add(ticket);
            count(1, ticket);
            lock.notifyAll();
            seatAll(null, seated);
        }
        handOver(seated);
        return true;
    }

    /// The request waits no longer.
    ///
    /// @return false when it has been given a place, or was never taken in
    boolean leave(Ticket ticket) {
        synchronized (lock) {
            ClientTurns line = lines.get(ticket.demand().queue());
            if (line == null || !line.remove(ticket)) {
                return false;
            }
            gone(ticket);
            return true;
        }
    }

    private void gone(Ticket ticket) {
        ticket.delist();
        count(-1, ticket);
        forgetIfEmpty(ticket);
    }

    private void count(int change, Ticket ticket) {
        int now = waiting + change;
        waiting = now;
        bytes += change * ticket.demand().bytes();
        lengths.merge(ticket.demand().queue(), change, (one, other) -> one + other == 0 ? null : one + other);
    }

    private void forgetIfEmpty(Ticket ticket) {
        lines.computeIfPresent(ticket.demand().queue(), (_, line) -> line.isEmpty() ? null : line);
    }

    /// Changes what the request waits for, which is guarded by the lock, and looks for a place again.
    void change(Ticket ticket, Runnable change) {
        List<Ticket> seated = new ArrayList<>();
        synchronized (lock) {
            ClientTurns line = lines.get(ticket.demand().queue());
            if (line != null && line.first(other -> other == ticket) != null) {
                change.run();
                ticket.enlist();
                seatAll(null, seated);
            }
        }
        handOver(seated);
    }

    /// A place came free there.
    void freed(Places places) {
        // Given back while the lines are gone through: those that come after see it.
        if (!isEmpty() && !Thread.holdsLock(lock)) {
            offer(places);
        }
    }

    /// Lets everybody look for a place again.
    void offerAll() {
        offer(null);
    }

    private void offer(@Nullable Places places) {
        List<Ticket> seated = new ArrayList<>();
        synchronized (lock) {
            seatAll(places, seated);
        }
        handOver(seated);
    }

    /// One request of each model, turn by turn, until none finds a place.
    private void seatAll(@Nullable Places places, List<Ticket> seated) {
        int before;
        do {
            before = seated.size();
            for (String queue : List.copyOf(lines.keySet())) {
                seatNext(queue, places, seated);
            }
        } while (seated.size() > before);
    }

    private void seatNext(String queue, @Nullable Places places, List<Ticket> seated) {
        ClientTurns line = lines.get(queue);
        Ticket next = line == null ? null : line.first(new Search(places)::finds);
        if (line == null || next == null) {
            return;
        }
        line.served(next);
        lines.remove(queue);
        lines.put(queue, line);
        gone(next);
        seated.add(next);
    }

    private void handOver(List<Ticket> seated) {
        for (Ticket ticket : seated) {
            statistics.waited(now() - ticket.since());
            try {
                ticket.handOver();
            } catch (RejectedExecutionException ended) {
                LOG.debug("a place was given back: the gateway ends", ended);
            }
        }
    }

    /// Has everybody ask again where it may go. On any thread that may wait for a moment.
    void reconsider() {
        List<Ticket> all = new ArrayList<>();
        synchronized (lock) {
            lines.values().forEach(line -> all.addAll(line.all()));
        }
        all.forEach(Ticket::reconsider);
    }

    /// Waits until somebody waits.
    void awaitSomebody() throws InterruptedException {
        synchronized (lock) {
            while (waiting == 0) {
                lock.wait();
            }
        }
    }

    /// What waits now.
    public QueueFigures figures() {
        synchronized (lock) {
            List<QueueFigures.Model> models = new ArrayList<>();
            lines.forEach((model, line) -> models.add(
                    new QueueFigures.Model(model, line.size(), TimeUnit.NANOSECONDS.toMillis(oldest(line)))));
            return new QueueFigures(waiting, bytes, settings.maxLength(), models);
        }
    }

    private long oldest(ClientTurns line) {
        long now = now();
        long longest = 0;
        for (Ticket ticket : line.all()) {
            longest = Math.max(longest, now - ticket.since());
        }
        return longest;
    }

    /// One look along a line for somebody who takes a free place; who is like one that found none isn't asked.
    private static final class Search {

        private final @Nullable Places places;
        private @Nullable Ticket unseated;

        Search(@Nullable Places places) {
            this.places = places;
        }

        boolean finds(Ticket ticket) {
            if ((places != null && !ticket.waitsFor(places)) || (unseated != null && ticket.waitsLike(unseated))) {
                return false;
            }
            if (ticket.seat()) {
                return true;
            }
            unseated = ticket;
            return false;
        }
    }
}
