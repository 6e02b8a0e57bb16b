package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The one status of an endpoint: which of several that hold is shown and routed by, and how many may be ejected.
final class EndpointStateTest {

    private static final CircuitBreakerSettings SETTINGS =
            new CircuitBreakerSettings(2, Duration.ofSeconds(30), 50, Duration.ofSeconds(10));

    private long now = 1;
    private final Endpoint endpoint = endpoint(0);

    private Endpoint endpoint(int position) {
        EndpointSettings settings = EndpointSettings.of("e" + position, URI.create("http://e" + position), "vllm");
        return new Endpoint(settings, Samples.OPENAI, position, "id" + position, SETTINGS, () -> now);
    }

    @BeforeEach
    void startLate() {
        now = Duration.ofHours(1).toNanos();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstThatHoldsIsShown(EndpointStatus probed) {
        if (probed == EndpointStatus.EJECTED
                || probed == EndpointStatus.DRAINING
                || probed == EndpointStatus.DISABLED) {
            return; // no probe finds these
        }
        assertThat(status(probed)).isEqualTo(probed);
        boolean up = probed.routable();
        endpoint.cameBack();
        assertThat(status(probed)).isEqualTo(up ? EndpointStatus.WARMING : probed);
        eject(endpoint);
        assertThat(status(probed)).isEqualTo(up ? EndpointStatus.EJECTED : probed);
        endpoint.counters().mode().set(EndpointMode.DRAINING);
        assertThat(status(probed)).isEqualTo(EndpointStatus.DRAINING);
        endpoint.counters().mode().set(EndpointMode.DISABLED);
        assertThat(status(probed)).isEqualTo(EndpointStatus.DISABLED);
    }

    @Test
    void anEjectedEndpointIsOnTrialThenStartsSlowlyThenIsHealthy() {
        eject(endpoint);
        assertThat(state(EndpointStatus.HEALTHY).routable()).isFalse();
        assertThat(state(EndpointStatus.HEALTHY).takesWork()).isTrue();
        now += SETTINGS.openDuration().toNanos();
        assertThat(status(EndpointStatus.HEALTHY)).isEqualTo(EndpointStatus.WARMING);
        assertThat(endpoint.share(EndpointStatus.WARMING)).isEqualTo(0.1);
        Objects.requireNonNull(endpoint.breaker().tryPass()).succeeded();
        assertThat(status(EndpointStatus.HEALTHY)).isEqualTo(EndpointStatus.WARMING);
        assertThat(endpoint.share(EndpointStatus.WARMING)).isEqualTo(0.1);
        now += Duration.ofSeconds(5).toNanos();
        assertThat(endpoint.share(EndpointStatus.WARMING)).isBetween(0.549, 0.551);
        now += Duration.ofSeconds(5).toNanos();
        assertThat(status(EndpointStatus.HEALTHY)).isEqualTo(EndpointStatus.HEALTHY);
        assertThat(endpoint.share(EndpointStatus.HEALTHY)).isEqualTo(1);
    }

    @Test
    void slowStartOfNoLengthIsNone() {
        endpoint.counters().use(new CircuitBreakerSettings(2, Duration.ofSeconds(30), 50, Duration.ZERO));
        endpoint.cameBack();
        assertThat(status(EndpointStatus.HEALTHY)).isEqualTo(EndpointStatus.HEALTHY);
    }

    @Test
    void neitherModelsNorWorkOfWhatIsDisabled() {
        EndpointState healthy = state(EndpointStatus.HEALTHY);
        endpoint.counters().mode().set(EndpointMode.DRAINING);
        assertThat(healthy.takesWork()).isFalse();
        assertThat(healthy.offersModels()).isTrue();
        endpoint.counters().mode().set(EndpointMode.DISABLED);
        assertThat(healthy.takesWork()).isFalse();
        assertThat(healthy.offersModels()).isFalse();
        assertThat(state(EndpointStatus.OFFLINE).offersModels()).isFalse();
    }

    @Test
    void aPauseEndsByItself() {
        assertThat(endpoint.pausing()).isFalse();
        endpoint.pauseFor(Duration.ofSeconds(3));
        assertThat(endpoint.pausing()).isTrue();
        now += Duration.ofSeconds(3).toNanos();
        assertThat(endpoint.pausing()).isFalse();
    }

    @Test
    void noMoreThanTheirShareAreEjected() {
        assertThat(ejected(5, EndpointStatus.HEALTHY)).isEqualTo(2);
        assertThat(ejected(4, EndpointStatus.HEALTHY)).isEqualTo(2);
        assertThat(ejected(2, EndpointStatus.HEALTHY)).isEqualTo(1);
        assertThat(ejected(1, EndpointStatus.HEALTHY)).as("the only one").isZero();
    }

    @Test
    void theShareIsThatOfTheEndpointsThatAreUp() {
        assertThat(ejected(4, EndpointStatus.OFFLINE)).isEqualTo(1);
        assertThat(ejected(8, EndpointStatus.OFFLINE)).isEqualTo(2);
        List<Endpoint> fleet = fleet(4);
        FleetStates states = states(fleet, EndpointStatus.HEALTHY);
        fleet.get(2).counters().mode().set(EndpointMode.DRAINING);
        fleet.get(3).counters().mode().set(EndpointMode.DISABLED);
        fleet.forEach(each -> each.breaker().limitBy(states.ejectionLimit()));
        fleet.forEach(EndpointStateTest::eject);
        assertThat(countEjected(fleet)).isEqualTo(1);
    }

    /// Has every endpoint of a fleet fail, half of which may be down, and counts those that are ejected.
    private long ejected(int size, EndpointStatus lastHalf) {
        List<Endpoint> fleet = fleet(size);
        FleetStates states = states(fleet, lastHalf);
        fleet.forEach(each -> each.breaker().limitBy(states.ejectionLimit()));
        fleet.forEach(EndpointStateTest::eject);
        return countEjected(fleet);
    }

    private static long countEjected(List<Endpoint> fleet) {
        return fleet.stream()
                .filter(each -> each.breaker().standing() == CircuitBreaker.Standing.EJECTED)
                .count();
    }

    private List<Endpoint> fleet(int size) {
        List<Endpoint> fleet = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            fleet.add(endpoint(i));
        }
        return fleet;
    }

    private static FleetStates states(List<Endpoint> fleet, EndpointStatus lastHalf) {
        List<EndpointState> initial = fleet.stream()
                .map(each -> state(each, each.position() < fleet.size() / 2 ? EndpointStatus.HEALTHY : lastHalf))
                .toList();
        return new FleetStates(initial, UnificationSettings.DEFAULTS);
    }

    private static void eject(Endpoint endpoint) {
        for (int i = 0; i < SETTINGS.failureThreshold(); i++) {
            endpoint.breaker().passAnyway().failed();
        }
    }

    private EndpointStatus status(EndpointStatus probed) {
        return state(probed).status();
    }

    private EndpointState state(EndpointStatus probed) {
        return state(endpoint, probed);
    }

    private static EndpointState state(Endpoint endpoint, EndpointStatus probed) {
        return new EndpointState(endpoint, probed, 0, null, null, null, List.of(), null, null);
    }
}
