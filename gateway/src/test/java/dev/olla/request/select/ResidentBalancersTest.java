package dev.olla.request.select;

import static dev.olla.fleet.EndpointStatus.HEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.ResidencySettings;
import dev.olla.request.SampleFleet;
import dev.olla.request.route.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the balancers make of where a model is loaded, with `proxy.residency.prefer` and without.
class ResidentBalancersTest {

    private final SampleFleet fleet =
            new SampleFleet().with("a", "ollama", HEALTHY).with("b", "ollama", HEALTHY);

    /// Loaded on `b` only.
    ResidentBalancersTest() {
        seen("a");
        seen("b", SampleFleet.MODEL);
    }

    @Test
    void leastConnectionsPrefersTheLoadedOfEquals() {
        assertThat(choices("least-connections", true, 2)).containsExactly("b", "b");
        assertThat(choices("least-connections", false, 2)).containsExactly("a", "b");
        fleet.endpoint("b").inFlight().set(1);
        assertThat(choices("least-connections", true, 2)).containsExactly("a", "a");
    }

    @Test
    void priorityPrefersTheLoadedOfATierWhileNoOtherIsIdler() {
        assertThat(choices("priority", true, 20)).containsOnly("b");
        assertThat(choices("priority", false, 20)).contains("a", "b");
        fleet.endpoint("b").inFlight().set(1);
        assertThat(choices("priority", true, 20)).contains("a", "b");
    }

    @Test
    void roundRobinBeginsARoundWithTheLoaded() {
        assertThat(choices("round-robin", true, 4)).containsExactly("b", "a", "b", "a");
        assertThat(choices("round-robin", false, 4)).containsExactly("a", "b", "a", "b");
    }

    @Test
    void residentFirstWaitsWhereTheModelIsLoadedWhileLoadingTakesLonger() {
        ResidentFirst balancer = residentFirst();
        fleet.endpoint("b").places().take(0);
        fleet.endpoint("b").places().served(TimeUnit.SECONDS.toNanos(4));
        assertThat(balancer.choose(fleet.candidates()).endpoint().name())
                .as("a turn of 4 s, and the profile estimates 5 s for an unknown size")
                .isEqualTo("b");
        fleet.endpoint("b").places().take(0);
        assertThat(balancer.choose(fleet.candidates()).endpoint().name()).isEqualTo("a");
    }

    @Test
    void loadingTimeIsMeasuredThereElseElsewhereElseEstimated() {
        assertThat(words("a")).contains("to be loaded in 5000ms");
        fleet.endpoint("b").residency().answered(SampleFleet.MODEL, TimeUnit.SECONDS.toNanos(9));
        assertThat(words("a")).contains("to be loaded in 9000ms");
        fleet.endpoint("a").residency().answered(SampleFleet.MODEL, TimeUnit.SECONDS.toNanos(7));
        seen("a");
        assertThat(words("a")).contains("to be loaded in 7000ms");
        assertThat(words("b")).contains("a place in 0ms, loaded");
    }

    @Test
    void whatPushesOutAModelInUseWaitsForItsLoadingToo() {
        seen("a", "other:70b");
        fleet.endpoint("a").residency().use("other:70b", 0);
        assertThat(words("a")).contains("pushes out a model in use (300000ms)");
        fleet.passes(Duration.ofSeconds(61));
        assertThat(words("a")).doesNotContain("pushes out");
    }

    @Test
    void whileACopyIsBeingLoadedItsLoadIsNoReasonForAnother() {
        seen("b");
        Candidate first = residentFirst().place(fleet.candidates());
        fleet.endpoint(first.endpoint().name()).places().take(0);
        String other = first.endpoint().name().equals("a") ? "b" : "a";
        fleet.passes(Duration.ofSeconds(2));
        assertThat(words(first.endpoint().name())).isEqualTo("a place in 1000ms, to be loaded in 3000ms");
        assertThat(words(other))
                .isEqualTo("a place in 0ms, to be loaded in 5000ms, while another loads it (3000ms more)");
        for (int i = 0; i < 4; i++) {
            assertThat(residentFirst().place(fleet.candidates()).endpoint()).isEqualTo(first.endpoint());
            first.endpoint().places().take(0);
        }
        first.endpoint().places().take(0);
        assertThat(residentFirst().place(fleet.candidates()).endpoint().name())
                .as("the line is longer than a load")
                .isEqualTo(other);
    }

    @Test
    void aLoadTakesNoLessThanTheOneUnderWayHasTaken() {
        seen("b");
        Candidate first = residentFirst().place(fleet.candidates());
        String other = first.endpoint().name().equals("a") ? "b" : "a";
        fleet.passes(Duration.ofSeconds(20));
        assertThat(words(other)).contains("to be loaded in 20000ms");
    }

    @Test
    void howLongRequestsTakeIsKnownFromTheOthersWhereNoneWasServedYet() {
        fleet.endpoint("b").places().take(0);
        assertThat(words("b")).contains("a place in 1000ms");
        fleet.endpoint("a").places().served(TimeUnit.MILLISECONDS.toNanos(40));
        assertThat(words("b")).contains("a place in 40ms");
    }

    @Test
    void aChoiceThatIsOnlyForeseenLoadsNothing() {
        seen("b");
        residentFirst().foresee(fleet.candidates());
        residentFirst().choose(fleet.candidates());
        assertThat(fleet.endpoint("a").residency().models()).isEmpty();
        assertThat(fleet.endpoint("b").residency().models()).isEmpty();
    }

    private ResidentFirst residentFirst() {
        WaitingRoom room = new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime);
        return new ResidentFirst(room, Duration.ofSeconds(60), new LeastConnections(true));
    }

    private String words(String endpoint) {
        List<Candidate> candidates = fleet.candidates();
        List<Score> scores = residentFirst().scores(candidates);
        for (int i = 0; i < scores.size(); i++) {
            if (candidates.get(i).endpoint().name().equals(endpoint)) {
                return Objects.requireNonNull(scores.get(i).words()).get();
            }
        }
        throw new AssertionError(endpoint);
    }

    private void seen(String endpoint, String... models) {
        fleet.endpoint(endpoint)
                .residency()
                .seen(List.of(models), model -> TimeUnit.SECONDS.toNanos(model.contains("70b") ? 300 : 5));
    }

    private List<String> choices(String name, boolean prefer, int count) {
        Balancer balancer = Balancers.named(
                name,
                new SplittableRandom(42),
                new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime),
                new ResidencySettings(Duration.ofSeconds(5), Duration.ofSeconds(60), prefer));
        List<Candidate> candidates = fleet.candidates();
        return new ArrayList<>(
                Stream.generate(() -> balancer.choose(candidates).endpoint().name())
                        .limit(count)
                        .toList());
    }
}
