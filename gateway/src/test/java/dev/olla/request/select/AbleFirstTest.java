package dev.olla.request.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.EndpointStatus;
import dev.olla.request.SampleFleet;
import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbleFirstTest {

    private final SampleFleet fleet = new SampleFleet()
            .with(SampleFleet.settings("high", "vllm", 100), EndpointStatus.HEALTHY)
            .with(SampleFleet.settings("high2", "vllm", 100), EndpointStatus.HEALTHY)
            .with(SampleFleet.settings("low", "vllm", 10), EndpointStatus.HEALTHY);

    @Test
    void thoseThatDeclareTheNeedComeFirst() {
        assertThat(offered(false, "low")).containsExactly("low");
        assertThat(offered(false, "low", "high2")).containsExactly("high2", "low");
    }

    @Test
    void underPriorityTheTierCountsFirst() {
        assertThat(offered(true, "low")).containsExactly("high", "high2", "low");
        assertThat(offered(true, "low", "high2")).containsExactly("high2");
    }

    @Test
    void withoutADifferenceAllAreOffered() {
        assertThat(offered(false)).containsExactly("high", "high2", "low");
        assertThat(offered(true, "high", "high2", "low")).containsExactly("high", "high2", "low");
    }

    private List<String> offered(boolean withinTier, String... able) {
        List<String> offered = new ArrayList<>();
        Balancer inner = candidates -> {
            candidates.forEach(candidate -> offered.add(candidate.endpoint().name()));
            return candidates.getFirst();
        };
        List<Candidate> candidates = fleet.endpoints().stream()
                .map(endpoint -> new Candidate(
                        endpoint, EndpointStatus.HEALTHY, null, List.of(able).contains(endpoint.name()), null))
                .toList();
        new AbleFirst(inner, withinTier).choose(candidates);
        return offered;
    }
}
