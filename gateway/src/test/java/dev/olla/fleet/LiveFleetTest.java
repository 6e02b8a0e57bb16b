package dev.olla.fleet;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Fetched;
import dev.olla.http.UpstreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LiveFleetTest {

    private static final Fetched OK = Samples.answer(200);
    private static final Fetched REFUSED = Samples.failure(Kind.REFUSED);
    private static final long SELDOM = 600_000;
    private static final long OFTEN = 5;

    private final ScriptedFetcher fetcher = new ScriptedFetcher();
    private final CountDownLatch never = new CountDownLatch(1);
    private @Nullable LiveFleet fleet;

    @AfterEach
    void close() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void isReadyAtOnceWithoutEndpoints() {
        LiveFleet empty = start(List.of(), Duration.ofMinutes(5));
        AtomicInteger ran = new AtomicInteger();
        empty.whenReady(ran::incrementAndGet);
        assertThat(empty.ready()).isTrue();
        assertThat(ran).hasValue(1);
    }

    @Test
    void isReadyWhenEveryEndpointWasProbedAndListed() {
        fetcher.on("http://a/health", OK).on("http://a/v1/models", Samples.list("m"));
        LiveFleet both = start(two(SELDOM), Duration.ofMinutes(5));
        AtomicReference<@Nullable FleetSnapshot> seen = new AtomicReference<>();
        both.whenReady(() -> seen.set(both.snapshot()));
        await("the fleet is ready", () -> seen.get() != null);
        FleetSnapshot snapshot = Objects.requireNonNull(seen.get());
        assertThat(snapshot.endpoints())
                .extracting(EndpointState::status)
                .containsExactly(EndpointStatus.HEALTHY, EndpointStatus.OFFLINE);
        assertThat(snapshot.catalogue().find("M")).hasSize(1);
        assertThat(fetcher.calls("http://b/v1/models"))
                .as("no list of a server that is down")
                .isEmpty();
    }

    @Test
    void doesNotWaitForActionsThatBreak() {
        LiveFleet both = start(two(SELDOM), Duration.ofMinutes(5));
        AtomicInteger ran = new AtomicInteger();
        both.whenReady(() -> {
            throw new IllegalStateException("a bug elsewhere");
        });
        both.whenReady(ran::incrementAndGet);
        await("the second action ran", () -> ran.get() == 1);
    }

    @Test
    void onlyTheHangingProbeStaysUnknown() {
        fetcher.on("http://a/health", _ -> {
            never.await();
            return OK;
        });
        fetcher.on("http://b/health", OK).on("http://b/v1/models", Samples.list("m"));
        LiveFleet both = start(two(SELDOM), Duration.ofMinutes(5));
        await("the fleet is ready", both::ready);
        assertThat(statuses(both)).containsExactly(EndpointStatus.UNKNOWN, EndpointStatus.HEALTHY);
        assertThat(both.snapshot().catalogue().find("m")).hasSize(1);
    }

    @Test
    void listsTheModelsOfOneServerWhileAnotherFails() {
        fetcher.on("http://a/health", OK).on("http://a/v1/models", Samples.answer(404));
        fetcher.on("http://b/health", OK).on("http://b/v1/models", Samples.list("m", "n"));
        LiveFleet both = start(two(SELDOM), Duration.ofMinutes(5));
        await("the fleet is ready", both::ready);
        assertThat(problem(both, 0)).isEqualTo("404: nothing at /v1/models: set model_url or type");
        assertThat(problem(both, 1)).isNull();
        assertThat(both.snapshot().catalogue().placements()).hasSize(2);
        assertThat(fetcher.calls("http://a/v1/models"))
                .as("a 404 is not asked again")
                .hasSize(1);
    }

    @Test
    void triesAgainWithinOneRunWhatMayHeal() {
        fetcher.on("http://a/health", OK)
                .on("http://a/v1/models", Samples.answer(503), Samples.failure(Kind.RESET), Samples.list("m"));
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", SELDOM)), Duration.ofMinutes(5));
        await(
                "the models are listed",
                () -> one.snapshot().catalogue().find("m").size() == 1);
        assertThat(fetcher.calls("http://a/v1/models")).hasSize(3);
        assertThat(problem(one, 0)).isNull();
    }

    @Test
    void givesUpARunAfterItsAttemptsAndTriesTheNext() {
        fetcher.on("http://a/health", OK)
                .on("http://a/v1/models", call -> call < 6 ? Samples.answer(500) : Samples.list("m"));
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", SELDOM)), Duration.ofMillis(20));
        await(
                "the models are listed",
                () -> one.snapshot().catalogue().find("m").size() == 1);
    }

    @Test
    void saysWhoAsksForModels() {
        fetcher.on("http://a/health", OK).on("http://a/v1/models", Samples.list());
        LiveFleet one = start(
                List.of(Samples.settings(
                        "a", "vllm", SELDOM, null, null, NameFilter.ALL, Map.of("Authorization", "Bearer x"))),
                Duration.ofMinutes(5));
        await("the fleet is ready", one::ready);
        var sent = fetcher.calls("http://a/v1/models").getFirst().headers();
        assertThat(sent.first("User-Agent")).isEqualTo("olla-Discovery/1.2");
        assertThat(sent.first("Accept")).isEqualTo("application/json");
        assertThat(sent.first("Authorization")).isEqualTo("Bearer x");
    }

    @Test
    void keepsOutWhatTheFilterKeepsOutAndForgetsWhatIsGone() {
        fetcher.on("http://a/health", OK)
                .on("http://a/v1/models", call -> call == 0 ? Samples.list("m", "x-1") : Samples.list("n", "n"));
        NameFilter filter = new NameFilter(List.of(), List.of("x-*"));
        LiveFleet one = start(
                List.of(Samples.settings("a", "vllm", SELDOM, null, null, filter, Map.of())), Duration.ofMillis(20));
        await(
                "the second list is known",
                () -> !one.snapshot().catalogue().find("n").isEmpty());
        assertThat(one.snapshot().catalogue().placements()).hasSize(1);
    }

    @Test
    void keepsTheCatalogueWhileModelsStayTheSame() {
        fetcher.on("http://a/health", OK).on("http://a/v1/models", Samples.list("m"));
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", OFTEN)), Duration.ofMillis(5));
        await("the fleet is ready", one::ready);
        ModelCatalogue catalogue = one.snapshot().catalogue();
        await("it was listed again", () -> fetcher.calls("http://a/v1/models").size() > 5);
        assertThat(one.snapshot().catalogue()).isSameAs(catalogue);
    }

    @Test
    void keepsTheCatalogueOfAServerThatComesAndGoesWithTheSameModels() {
        AtomicInteger probes = new AtomicInteger();
        fetcher.on("http://a/health", _ -> probes.incrementAndGet() % 4 < 2 ? OK : REFUSED)
                .on("http://a/v1/models", Samples.list("m", "n"));
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", OFTEN)), Duration.ofMinutes(5));
        await("it is listed", () -> one.snapshot().catalogue().placements().size() == 2);
        ModelCatalogue catalogue = one.snapshot().catalogue();
        await("it was back again", () -> fetcher.calls("http://a/v1/models").size() > 3);
        assertThat(one.snapshot().catalogue()).isSameAs(catalogue);
    }

    @Test
    void aWallClockThatJumpsHoldsUpNothingAndForgetsNothing() {
        fetcher.on("http://a/health", OK).on("http://a/v1/models", call -> Samples.list(call < 3 ? "m" : "n"));
        AtomicInteger looks = new AtomicInteger();
        InstantSource jumping = () -> Instant.EPOCH.plus(Duration.ofDays(looks.getAndIncrement() % 2 * 9_000L));
        LiveFleet one = start(
                List.of(Samples.settings("a", "vllm", OFTEN)),
                new DiscoverySettings(true, Duration.ofMillis(20), Duration.ofSeconds(30), 2, 3, Duration.ofMillis(2)),
                jumping);
        await(
                "the next models are known",
                () -> !one.snapshot().catalogue().find("n").isEmpty());
        int probes = fetcher.calls("http://a/health").size();
        await("it is probed on", () -> fetcher.calls("http://a/health").size() > probes + 2);
        assertThat(statuses(one)).containsExactly(EndpointStatus.HEALTHY);
        assertThat(one.snapshot().catalogue().find("n")).hasSize(1);
    }

    @Test
    void keepsTheModelsOfAServerThatIsDownAndAsksItAgainWhenItIsBack() {
        AtomicInteger up = new AtomicInteger(1);
        fetcher.on("http://a/health", _ -> up.get() > 0 ? OK : REFUSED)
                .on("http://a/v1/models", _ -> up.get() == 2 ? Samples.list("new") : Samples.list("old"));
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", OFTEN)), Duration.ofMinutes(5));
        await("the fleet is ready", one::ready);
        up.set(0);
        await("it is down", () -> statuses(one).contains(EndpointStatus.OFFLINE));
        assertThat(one.snapshot().catalogue().find("old")).hasSize(1);
        up.set(2);
        await(
                "its new models are known",
                () -> !one.snapshot().catalogue().find("new").isEmpty());
        assertThat(one.snapshot().catalogue().find("old")).isEmpty();
        assertThat(statuses(one)).containsExactly(EndpointStatus.WARMING);
    }

    @Test
    void aLostEndpointComesBackWithTheNextGoodProbe() {
        fetcher.on("http://a/health", OK).on("http://a/v1/models", Samples.list("m"));
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", 100)), Duration.ofMinutes(5));
        await("the fleet is ready", one::ready);
        Endpoint endpoint = one.snapshot().endpoints().getFirst().endpoint();
        ModelCatalogue catalogue = one.snapshot().catalogue();
        int probes = fetcher.calls("http://a/health").size();
        one.unreachable(endpoint, "connection refused");
        assertThat(statuses(one)).containsExactly(EndpointStatus.OFFLINE);
        assertThat(one.snapshot().catalogue()).isSameAs(catalogue);
        await("it is back", () -> statuses(one).contains(EndpointStatus.WARMING));
        assertThat(fetcher.calls("http://a/health")).hasSizeGreaterThan(probes);
    }

    @Test
    void ignoresEndpointsOfAnotherFleet() {
        LiveFleet empty = start(List.of(), Duration.ofMinutes(5));
        Endpoint stranger = Samples.endpoint(Samples.settings("a", "vllm", SELDOM));
        empty.unreachable(stranger, "connection refused");
        empty.answered(stranger);
        assertThat(empty.snapshot().state(stranger)).isNull();
    }

    @Test
    void readsAnOllamaListFromAServerOfUnknownKind() {
        KindSign.IN_ORDER.stream()
                .flatMap(sign -> sign.present().stream())
                .forEach(shape -> fetcher.on("http://a" + shape.path(), Samples.answer(404)));
        fetcher.on("http://a/v1/models", OK)
                .on("http://a/api/version", Samples.answer(200, "{\"version\":\"0.9\"}"))
                .on("http://a/", OK)
                .on("http://a/api/tags", Samples.answer(200, "{\"models\":[{\"name\":\"m:latest\"}]}"));
        LiveFleet one = start(
                List.of(Samples.settings("a", "auto", SELDOM, null, "/api/tags", NameFilter.ALL, Map.of())),
                Duration.ofMinutes(5));
        await("the fleet is ready", one::ready);
        assertThat(one.snapshot().catalogue().find("m:latest")).hasSize(1);
    }

    @Test
    void readsAtMostSoManyListsAtATime() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        // Two at a time meet here; a third would not wait for them, and a single one would wait for ever.
        CyclicBarrier both = new CyclicBarrier(2);
        EndpointSettings[] settings = new EndpointSettings[8];
        for (int i = 0; i < settings.length; i++) {
            settings[i] = Samples.settings("s" + i, "vllm", SELDOM);
            fetcher.on("http://s" + i + "/health", OK).on("http://s" + i + "/v1/models", _ -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                meet(both);
                running.decrementAndGet();
                return Samples.list("m");
            });
        }
        LiveFleet many = start(List.of(settings), Duration.ofMinutes(5));
        await("every list is read", () -> many.snapshot().catalogue().find("m").size() == settings.length);
        assertThat(most.get()).isBetween(1, 2);
    }

    private static void meet(CyclicBarrier others) throws InterruptedException {
        try {
            others.await();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anOlderRunDoesNotOverwriteAYoungerOne() {
        CountDownLatch late = new CountDownLatch(1);
        fetcher.on("http://a/health", OK).on("http://a/v1/models", call -> {
            if (call > 0) {
                return Samples.list("new");
            }
            late.await();
            return Samples.list("old");
        });
        LiveFleet one = start(List.of(Samples.settings("a", "vllm", 20)), Duration.ofMinutes(5));
        await("the first list hangs", () -> fetcher.calls("http://a/v1/models").size() == 1);
        one.unreachable(one.snapshot().endpoints().getFirst().endpoint(), "connection reset");
        await(
                "the recovered server is asked",
                () -> !one.snapshot().catalogue().find("new").isEmpty());
        late.countDown();
        await("the first run is over", one::ready);
        assertThat(one.snapshot().catalogue().find("old")).isEmpty();
        assertThat(one.snapshot().catalogue().find("new")).hasSize(1);
    }

    @Test
    void isReadyWithoutListsWhereDiscoveryIsOff() {
        fetcher.on("http://a/health", OK);
        LiveFleet one = start(
                List.of(Samples.settings("a", "vllm", SELDOM)),
                new DiscoverySettings(false, Duration.ofMillis(1), Duration.ofSeconds(1), 1, 0, Duration.ZERO));
        await("the fleet is ready", one::ready);
        assertThat(statuses(one)).containsExactly(EndpointStatus.HEALTHY);
        assertThat(fetcher.calls("http://a/v1/models")).isEmpty();
    }

    @Test
    void closesWhileProbesHang() {
        fetcher.on("http://a/health", _ -> {
            never.await();
            return OK;
        });
        LiveFleet both = start(two(OFTEN), Duration.ofMinutes(5));
        await("the probe hangs", () -> !fetcher.calls("http://a/health").isEmpty());
        long before = System.nanoTime();
        both.close();
        assertThat(System.nanoTime() - before)
                .isLessThan(Duration.ofMillis(1_500).toNanos());
    }

    private static List<EndpointSettings> two(long intervalMillis) {
        return List.of(Samples.settings("a", "vllm", intervalMillis), Samples.settings("b", "vllm", intervalMillis));
    }

    private LiveFleet start(List<EndpointSettings> settings, Duration discoveryInterval) {
        return start(
                settings,
                new DiscoverySettings(true, discoveryInterval, Duration.ofSeconds(30), 2, 3, Duration.ofMillis(2)));
    }

    private LiveFleet start(List<EndpointSettings> settings, DiscoverySettings discovery) {
        return start(settings, discovery, InstantSource.system());
    }

    private LiveFleet start(List<EndpointSettings> settings, DiscoverySettings discovery, InstantSource clock) {
        LiveFleet started = new LiveFleet(
                Samples.endpoints(settings.toArray(EndpointSettings[]::new)),
                discovery,
                fetcher,
                "1.2",
                clock,
                System::nanoTime,
                new SplittableRandom(1));
        fleet = started;
        started.start();
        return started;
    }

    private static List<EndpointStatus> statuses(LiveFleet fleet) {
        return fleet.snapshot().endpoints().stream().map(EndpointState::status).toList();
    }

    private static @Nullable String problem(LiveFleet fleet, int position) {
        return fleet.snapshot().endpoints().get(position).modelProblem();
    }
}
