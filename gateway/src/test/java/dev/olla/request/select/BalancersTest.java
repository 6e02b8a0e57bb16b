package dev.olla.request.select;

import static dev.olla.fleet.EndpointStatus.BUSY;
import static dev.olla.fleet.EndpointStatus.HEALTHY;
import static dev.olla.fleet.EndpointStatus.WARMING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.olla.fleet.ResidencySettings;
import dev.olla.request.SampleFleet;
import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BalancersTest {

    static final List<String> NAMES = Balancers.NAMES;

    @Test
    void roundRobinTakesTurnsInConfigurationOrder() {
        List<Candidate> candidates = new SampleFleet().withEquals("a", "b", "c").candidates();
        assertThat(choices(balancer("round-robin"), candidates, 7)).containsExactly("a", "b", "c", "a", "b", "c", "a");
    }

    @Test
    void leastConnectionsPrefersTheIdle() {
        SampleFleet fleet = new SampleFleet().withEquals("a", "b", "c");
        fleet.endpoint("a").inFlight().set(2);
        fleet.endpoint("b").inFlight().set(1);
        fleet.endpoint("c").inFlight().set(2);
        assertThat(choices(balancer("least-connections"), fleet.candidates(), 3))
                .containsExactly("b", "b", "b");
    }

    @Test
    void leastConnectionsRotatesAmongEquals() {
        SampleFleet fleet = new SampleFleet().withEquals("a", "b", "c");
        fleet.endpoint("b").inFlight().set(1);
        assertThat(choices(balancer("least-connections"), fleet.candidates(), 4))
                .containsExactly("a", "c", "a", "c");
    }

    @Test
    void leastConnectionsSpreadsWorkThatStays() {
        SampleFleet fleet = new SampleFleet().withEquals("a", "b", "c", "d");
        Balancer balancer = balancer("least-connections");
        for (int i = 0; i < 40; i++) {
            balancer.choose(fleet.candidates()).endpoint().inFlight().incrementAndGet();
        }
        assertThat(fleet.endpoints()).allMatch(endpoint -> endpoint.inFlight().get() == 10);
    }

    @Test
    void priorityKeepsToTheHighestTier() {
        List<Candidate> candidates = new SampleFleet()
                .with(SampleFleet.settings("low", "vllm", 50), HEALTHY)
                .with(SampleFleet.settings("high", "vllm", 200), WARMING)
                .with(SampleFleet.settings("middle", "vllm", 100), HEALTHY)
                .candidates();
        assertThat(choices(balancer("priority"), candidates, 50)).containsOnly("high");
    }

    @Test
    void priorityWeighsReadinessInsideATier() {
        List<Candidate> candidates = new SampleFleet()
                .with("healthy", "vllm", HEALTHY)
                .with("busy", "vllm", BUSY)
                .withWarming("warming", "vllm")
                .candidates();
        Map<String, Integer> counts = new HashMap<>();
        choices(balancer("priority"), candidates, 14_000).forEach(name -> counts.merge(name, 1, Integer::sum));
        assertThat(counts.get("healthy")).isCloseTo(10_000, Percentage.withPercentage(10));
        assertThat(counts.get("busy")).isCloseTo(3_000, Percentage.withPercentage(10));
        assertThat(counts.get("warming")).isCloseTo(1_000, Percentage.withPercentage(15));
    }

    @Test
    void roundRobinGivesEachItsShareSpreadEvenly() {
        List<Candidate> candidates = new SampleFleet()
                .with(SampleFleet.weighing("a", 3), HEALTHY)
                .with(SampleFleet.weighing("b", 1), HEALTHY)
                .candidates();
        assertThat(choices(balancer("round-robin"), candidates, 8))
                .containsExactly("a", "a", "b", "a", "a", "a", "b", "a");
    }

    @Test
    void roundRobinGivesTheWarmingLess() {
        List<Candidate> candidates = new SampleFleet()
                .with("healthy", "vllm", HEALTHY)
                .withWarming("warming", "vllm")
                .candidates();
        assertThat(choices(balancer("round-robin"), candidates, 110).stream()
                        .filter("warming"::equals)
                        .count())
                .isEqualTo(10);
    }

    @Test
    void roundRobinBeginsWithTheHighestPriority() {
        List<Candidate> candidates = new SampleFleet()
                .with(SampleFleet.settings("low", "vllm", 50), HEALTHY)
                .with(SampleFleet.settings("high", "vllm", 200), HEALTHY)
                .candidates();
        assertThat(choices(balancer("round-robin"), candidates, 4)).containsExactly("high", "low", "high", "low");
    }

    @Test
    void leastConnectionsComparesByWeight() {
        SampleFleet fleet = new SampleFleet()
                .with(SampleFleet.weighing("a", 1), HEALTHY)
                .with(SampleFleet.weighing("b", 4), HEALTHY);
        fleet.endpoint("a").inFlight().set(1);
        fleet.endpoint("b").inFlight().set(3);
        assertThat(choices(balancer("least-connections"), fleet.candidates(), 3))
                .containsOnly("b");
        fleet.endpoint("b").inFlight().set(5);
        assertThat(choices(balancer("least-connections"), fleet.candidates(), 3))
                .containsOnly("a");
    }

    @Test
    void leastConnectionsGivesTheIdleTheirShare() {
        List<Candidate> candidates = new SampleFleet()
                .with("healthy", "vllm", HEALTHY)
                .withWarming("warming", "vllm")
                .candidates();
        assertThat(choices(balancer("least-connections"), candidates, 110).stream()
                        .filter("warming"::equals)
                        .count())
                .isEqualTo(10);
    }

    @Test
    void leastConnectionsPrefersTheHighestPriorityOfEquals() {
        List<Candidate> candidates = new SampleFleet()
                .with(SampleFleet.settings("low", "vllm", 50), HEALTHY)
                .with(SampleFleet.settings("high", "vllm", 200), HEALTHY)
                .candidates();
        assertThat(choices(balancer("least-connections"), candidates, 4)).containsOnly("high");
    }

    @Test
    void priorityWeighsWeightsInsideATier() {
        List<Candidate> candidates = new SampleFleet()
                .with(SampleFleet.weighing("a", 9), HEALTHY)
                .with(SampleFleet.weighing("b", 1), HEALTHY)
                .candidates();
        assertThat(choices(balancer("priority"), candidates, 10_000).stream()
                        .filter("b"::equals)
                        .count())
                .isCloseTo(1_000, Percentage.withPercentage(15));
    }

    @Test
    void priorityTreatsEqualsEqually() {
        List<Candidate> candidates = new SampleFleet().withEquals("a", "b").candidates();
        List<String> chosen = choices(balancer("priority"), candidates, 10_000);
        assertThat(chosen.stream().filter("a"::equals).count()).isCloseTo(5_000, Percentage.withPercentage(10));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void oneCandidateIsTheChoice(String name) {
        List<Candidate> candidates = new SampleFleet().withEquals("only").candidates();
        assertThat(choices(balancer(name), candidates, 3)).containsOnly("only");
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> balancer("random"))
                .withMessageContaining("random");
    }

    private static Balancer balancer(String name) {
        return Balancers.named(
                name,
                new SplittableRandom(42),
                new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime),
                ResidencySettings.DEFAULTS);
    }

    private static List<String> choices(Balancer balancer, List<Candidate> candidates, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(balancer.choose(candidates).endpoint().name());
        }
        return names;
    }
}
