package dev.olla.request.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Headers;
import dev.olla.http.RequestHead;
import dev.olla.request.SampleFleet;
import dev.olla.request.inspect.Inspection;
import dev.olla.request.route.Candidate;
import dev.olla.telemetry.StickyFigures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionPinTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.9", 4711);

    private final SampleFleet fleet = new SampleFleet().withEquals("a", "b");
    private final AtomicLong clock = new AtomicLong();
    private final Balancer first = candidates -> candidates.getFirst();
    private final Balancer last = candidates -> candidates.getLast();

    @Test
    void apinLastsForItsIdleTimeAfterEveryUse() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 100);
        assertThat(turn(sessions, "s", first)).isEqualTo("a miss");
        for (int i = 0; i < 3; i++) {
            clock.addAndGet(Duration.ofMinutes(9).toNanos());
            assertThat(turn(sessions, "s", last)).isEqualTo("a hit");
        }
        clock.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(turn(sessions, "s", last)).isEqualTo("b miss");
        assertThat(figures(sessions).evictions()).isEqualTo(1);
    }

    @Test
    void withoutAnIdleTimeAPinLastsForEver() {
        StickySessions sessions = sessions(Duration.ZERO, 100);
        turn(sessions, "s", first);
        clock.addAndGet(Duration.ofDays(1000).toNanos());
        assertThat(turn(sessions, "s", last)).isEqualTo("a hit");
    }

    @Test
    void noMorePinsAreKeptThanThereIsRoomFor() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 10);
        for (int i = 0; i < 100; i++) {
            turn(sessions, "s" + i, first);
        }
        assertThat(figures(sessions).activeSessions()).isLessThanOrEqualTo(10);
        assertThat(figures(sessions).insertions()).isEqualTo(100);
        assertThat(figures(sessions).evictions()).isGreaterThanOrEqualTo(90);
    }

    @Test
    void zeroMeansRoomForAll() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 0);
        for (int i = 0; i < 100; i++) {
            turn(sessions, "s" + i, first);
        }
        assertThat(figures(sessions)).isEqualTo(new StickyFigures(100, 100, 0, 100, 0, 0, 600));
    }

    @Test
    void afterAPurgeTheNextTurnTellsOfItsMove() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 100);
        turn(sessions, "s", first);
        sessions.purge(fleet.endpoint("a"));
        sessions.purge(fleet.endpoint("a"));
        assertThat(figures(sessions).activeSessions()).isZero();
        assertThat(figures(sessions).evictions()).isEqualTo(1);
        assertThat(turn(sessions, "s", last)).isEqualTo("b repin");
        assertThat(turn(sessions, "s", first)).isEqualTo("b hit");
    }

    @Test
    void sessionsOfDifferentModelsAreDifferent() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 100);
        assertThat(turn(sessions, "s", "m1", first)).isEqualTo("a miss");
        assertThat(turn(sessions, "s", "m2", last)).isEqualTo("b miss");
        assertThat(turn(sessions, "s", "M1", last)).isEqualTo("a hit");
    }

    @Test
    void lookingOnlyLeavesNoTrace() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 100);
        SessionPin pin = pin(sessions, "s", "m", first);
        assertThat(pin.pinned(fleet.candidates())).isNull();
        turn(sessions, "s", "m", last);
        StickyFigures before = figures(sessions);
        assertThat(Objects.requireNonNull(pin.pinned(fleet.candidates()))
                        .endpoint()
                        .name())
                .isEqualTo("b");
        assertThat(figures(sessions)).isEqualTo(before);
    }

    @Test
    void aTurnWaitsForItsFullServerUntilTheWaitIsOverAndLeavesItsPin() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 100);
        turn(sessions, "s", first);
        List<Candidate> all = fleet.candidates();
        List<Candidate> free = List.of(all.getLast());
        SessionPin pin = pin(sessions, "s", "m", first);
        assertThat(pin.rathersWaits(free, all)).isTrue();
        pin.affinityIsOver();
        assertThat(pin.rathersWaits(free, all)).isFalse();
        assertThat(pin.choose(free).endpoint().name()).isEqualTo("b");
        Headers headers = new Headers();
        pin.writeTo(headers);
        assertThat(headers.first("X-Olla-Sticky-Session")).isEqualTo("miss");
        assertThat(turn(sessions, "s", last)).isEqualTo("a hit");
    }

    @Test
    void aTurnWhoseServerIsGoneDoesNotWaitForIt() {
        StickySessions sessions = sessions(Duration.ofMinutes(10), 100);
        turn(sessions, "s", first);
        List<Candidate> others = List.of(fleet.candidates().getLast());
        SessionPin pin = pin(sessions, "s", "m", first);
        assertThat(pin.rathersWaits(others, others)).isFalse();
        assertThat(pin.choose(others).endpoint().name()).isEqualTo("b");
        assertThat(turn(sessions, "s", first)).as("the pin moved").isEqualTo("b hit");
    }

    private StickySessions sessions(Duration idle, long max) {
        return new StickySessions(
                new StickySettings(true, idle, max, List.of(StickySettings.Source.SESSION_HEADER), 512), clock::get);
    }

    private static StickyFigures figures(StickySessions sessions) {
        return Objects.requireNonNull(sessions.figures());
    }

    private String turn(StickySessions sessions, String id, Balancer balancer) {
        return turn(sessions, id, "m", balancer);
    }

    private String turn(StickySessions sessions, String id, String model, Balancer balancer) {
        SessionPin pin = pin(sessions, id, model, balancer);
        Candidate chosen = pin.choose(fleet.candidates());
        Headers headers = new Headers();
        pin.writeTo(headers);
        return chosen.endpoint().name() + ' ' + headers.first("X-Olla-Sticky-Session");
    }

    private SessionPin pin(StickySessions sessions, String id, String model, Balancer balancer) {
        RequestHead head = new RequestHead("POST", "/", 1, Headers.of("X-Olla-Session-ID", id));
        Inspection body = new Inspection(model, -1, -1, null, null, null, java.util.Set.of(), null);
        return Objects.requireNonNull(sessions.pin(head, PEER, body, balancer));
    }
}
