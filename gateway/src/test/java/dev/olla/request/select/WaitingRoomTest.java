package dev.olla.request.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.Places;
import dev.olla.request.SampleFleet;
import dev.olla.request.route.Candidate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Who gets a place that comes free, and that each place has one holder.
class WaitingRoomTest {

    private final SampleFleet fleet = new SampleFleet().with("a", "vllm", EndpointStatus.HEALTHY);
    private final Candidate candidate = fleet.candidates().getFirst();
    private final Places places = candidate.endpoint().places();
    private final WaitingRoom room = new WaitingRoom(settings(1000, 1000), System::nanoTime);
    private final List<String> served = new ArrayList<>();
    private final Queue<Claim> held = new ArrayDeque<>();

    @Test
    void clientsTakeTurnsAndEachIsServedInOrder() {
        places.take(1);
        for (int i = 1; i <= 3; i++) {
            join("m", "greedy", "greedy" + i);
        }
        join("m", "x", "x1");
        join("m", "y", "y1");
        serveAll();
        assertThat(served).containsExactly("greedy1", "x1", "y1", "greedy2", "greedy3");
        assertThat(places.queued()).isZero();
    }

    @Test
    void modelsTakeTurnsForTheServerThatTheyShare() {
        places.take(1);
        for (int i = 1; i <= 3; i++) {
            join("many", "x", "many" + i);
        }
        join("few", "y", "few1");
        serveAll();
        assertThat(served).containsExactly("many1", "few1", "many2", "many3");
    }

    @Test
    void oneThatLeavesIsOutAtOnce() {
        places.take(1);
        Ticket first = join("m", "x", "x1");
        join("m", "y", "y1");
        assertThat(places.queued()).isEqualTo(2);
        assertThat(room.leave(first)).isTrue();
        assertThat(room.leave(first)).isFalse();
        assertThat(places.queued()).isEqualTo(1);
        serveAll();
        assertThat(served).containsExactly("y1");
    }

    @Test
    void noMoreWaitThanTheBoundsAllow() {
        places.take(1);
        room.use(settings(2, 1000));
        join("m", "x", "1");
        join("m", "x", "2");
        assertThat(room.join(ticket("m", "x", 1, "3"))).isFalse();
        assertThat(room.join(ticket("other", "x", 990, "4")))
                .as("the length holds for each model")
                .isTrue();
        assertThat(room.join(ticket("another", "x", 9, "5")))
                .as("the bytes hold for all")
                .isFalse();
        assertThat(room.figures().waiting()).isEqualTo(3);
        assertThat(room.figures().bytes()).isEqualTo(992);
        serveAll();
        assertThat(room.figures().bytes()).isZero();
        assertThat(room.figures().models()).isEmpty();
    }

    @Test
    void noPlaceIsLostOrGivenTwiceWhateverTheThreadsDo() throws InterruptedException {
        int limit = 3;
        int threads = 8;
        int each = 3000;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ends = new AtomicInteger();
        Queue<Claim> claims = new ConcurrentLinkedQueue<>();
        room.use(settings(1_000_000, Long.MAX_VALUE));
        CountDownLatch finished = new CountDownLatch(threads);
        try (ExecutorService loops = Executors.newFixedThreadPool(2)) {
            for (int t = 0; t < threads; t++) {
                int seed = t;
                Thread.ofPlatform().start(() -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    for (int i = 0; i < each; i++) {
                        Ticket ticket = new Ticket(
                                new Demand("m" + random.nextInt(3), "c" + random.nextInt(5), 1),
                                0,
                                loops,
                                guest(limit),
                                claim -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    claims.add(claim);
                                    ends.incrementAndGet();
                                });
                        assertThat(room.join(ticket)).isTrue();
                        if (random.nextInt(4) == 0 && room.leave(ticket)) {
                            ends.incrementAndGet();
                        }
                        release(claims, running);
                    }
                    finished.countDown();
                });
            }
            while (!finished.await(1, TimeUnit.MILLISECONDS) || ends.get() < threads * each) {
                release(claims, running);
            }
            release(claims, running);
        }
        assertThat(most.get()).isBetween(1, limit);
        assertThat(ends.get()).isEqualTo(threads * each);
        assertThat(places.running()).isZero();
        assertThat(places.queued()).isZero();
        assertThat(room.isEmpty()).isTrue();
    }

    private static void release(Queue<Claim> claims, AtomicInteger running) {
        for (Claim claim = claims.poll(); claim != null; claim = claims.poll()) {
            running.decrementAndGet();
            claim.release();
        }
    }

    private static QueueSettings settings(int length, long bytes) {
        return new QueueSettings(length, Duration.ofMinutes(1), bytes, Duration.ofSeconds(2));
    }

    private Ticket join(String model, String client, String name) {
        Ticket ticket = ticket(model, client, 1, name);
        assertThat(room.join(ticket)).isTrue();
        return ticket;
    }

    private Ticket ticket(String model, String client, long bytes, String name) {
        Executor direct = Runnable::run;
        return new Ticket(new Demand(model, client, bytes), room.now(), direct, guest(1), claim -> {
            served.add(name);
            held.add(claim);
        });
    }

    /// The place taken by the test comes free, then that of each request that was served.
    private void serveAll() {
        places.giveBack();
        room.freed(places);
        for (Claim claim = held.poll(); claim != null; claim = held.poll()) {
            claim.release();
        }
    }

    private Ticket.Guest guest(int limit) {
        CircuitBreaker.Pass pass = candidate.endpoint().breaker().passAnyway();
        return new Ticket.Guest() {
            @Override
            public List<Places> places() {
                return List.of(places);
            }

            @Override
            public @Nullable Claim seat() {
                return places.take(limit)
                        ? new Claim(candidate, pass, Claim.Seat.at(Objects.requireNonNull(candidate.place()), room))
                        : null;
            }

            @Override
            public void reconsider() {}
        };
    }
}
