package dev.olla.request.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.CircuitBreaker;
import dev.olla.fleet.CircuitBreaker.Standing;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.ResidencySettings;
import dev.olla.request.SampleFleet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Duration OPEN = Duration.ofSeconds(30);

    private final SampleFleet fleet = new SampleFleet().withEquals("a", "b", "c");
    private final Set<String> down = new HashSet<>();
    private final Balancer balancer = Balancers.named(
            "round-robin",
            new SplittableRandom(1),
            new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime),
            ResidencySettings.DEFAULTS);

    @Test
    void eachCandidateIsTakenOnce() {
        assertThat(all(selection())).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void aClaimCountsUntilItIsReleasedOnce() {
        Claim claim = Objects.requireNonNull(selection().next());
        var inFlight = claim.candidate().endpoint().inFlight();
        assertThat(inFlight).hasValue(1);
        claim.release();
        claim.release();
        assertThat(inFlight).hasValue(0);
    }

    @Test
    void anEjectedCandidateComesLastButIsTried() {
        eject("a");
        for (int i = 0; i < 5; i++) {
            assertThat(all(selection())).endsWith("a").hasSize(3);
        }
    }

    @Test
    void fourFailuresInARowEjectNobody() {
        fail("a", 4);
        breaker("a").passAnyway().succeeded();
        fail("a", 4);
        assertThat(breaker("a").standing()).isEqualTo(Standing.CLOSED);
        fail("a", 1);
        assertThat(breaker("a").standing()).isEqualTo(Standing.EJECTED);
    }

    @Test
    void whereEveryCandidateIsEjectedEachIsStillTried() {
        eject("a");
        eject("b");
        eject("c");
        assertThat(all(selection())).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void onlyOneRequestAtATimeIsTheTrial() {
        eject("a");
        fleet.passes(OPEN);
        assertThat(breaker("a").admits()).isTrue();
        Selection first = selection();
        List<String> firstOrder = all(first);
        assertThat(firstOrder).hasSize(3);
        assertThat(breaker("a").admits()).isFalse();
        assertThat(all(selection())).endsWith("a");
    }

    @Test
    void aGoodTrialReadmits() {
        trial().succeeded();
        assertThat(breaker("a").standing()).isEqualTo(Standing.CLOSED);
    }

    @Test
    void aBadTrialEjectsAgain() {
        trial().failed();
        assertThat(breaker("a").admits()).isFalse();
        fleet.passes(OPEN);
        assertThat(breaker("a").admits()).isTrue();
    }

    @Test
    void aTrialWhoseClientLeftIsGivenToTheNext() {
        trial().abandoned();
        assertThat(breaker("a").admits()).isTrue();
        assertThat(breaker("a").standing()).isEqualTo(Standing.ON_TRIAL);
    }

    @Test
    void leaversAreNeverBlamed() {
        fail("a", 4);
        for (int i = 0; i < 10; i++) {
            breaker("a").passAnyway().abandoned();
        }
        assertThat(breaker("a").standing()).isEqualTo(Standing.CLOSED);
        assertThat(all(selection())).hasSize(3);
    }

    @Test
    void oneThatAskedToBeLeftAloneComesAfterTheOthersAndBeforeTheEjected() {
        eject("a");
        fleet.endpoint("b").pauseFor(Duration.ofSeconds(10));
        for (int i = 0; i < 5; i++) {
            assertThat(all(selection())).containsExactly("c", "b", "a");
        }
        fleet.passes(Duration.ofSeconds(10));
        assertThat(List.of(all(selection()).getFirst(), all(selection()).getFirst()))
                .contains("b");
    }

    @Test
    void oneThatWentDownMeanwhileIsNotTried() {
        Selection selection = selection();
        Claim first = Objects.requireNonNull(selection.next());
        assertThat(first.candidate().endpoint().name()).isEqualTo("a");
        down.add("b");
        assertThat(all(selection)).containsExactly("c");
    }

    /// The pass of a request that is on trial at `a`.
    private CircuitBreaker.Pass trial() {
        eject("a");
        fleet.passes(OPEN);
        Selection selection = selection();
        while (true) {
            Claim claim = Objects.requireNonNull(selection.next());
            if (claim.candidate().endpoint().name().equals("a")) {
                return claim.pass();
            }
        }
    }

    private Selection selection() {
        return new Selection(
                balancer,
                new EndpointRates(0, 1, InstantSource.system(), System::nanoTime),
                fleet.candidates(),
                this::takesWork);
    }

    private boolean takesWork(Endpoint endpoint) {
        return !down.contains(endpoint.name());
    }

    private static List<String> all(Selection selection) {
        List<String> names = new ArrayList<>();
        for (Claim claim = selection.next(); claim != null; claim = selection.next()) {
            names.add(claim.candidate().endpoint().name());
            claim.release();
        }
        return names;
    }

    private CircuitBreaker breaker(String name) {
        return fleet.endpoint(name).breaker();
    }

    private void eject(String name) {
        fail(name, 5);
    }

    private void fail(String name, int times) {
        for (int i = 0; i < times; i++) {
            breaker(name).passAnyway().failed();
        }
    }
}
