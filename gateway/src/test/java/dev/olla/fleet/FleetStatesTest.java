package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.CircuitBreaker.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How many endpoints may be ejected at a time.
final class FleetStatesTest {

    private final AtomicLong now = new AtomicLong();
    private final List<Endpoint> endpoints = endpoints(now::get);
    private final FleetStates states =
            new FleetStates(endpoints.stream().map(FleetStatesTest::healthy).toList(), UnificationSettings.DEFAULTS);

    private static List<Endpoint> endpoints(LongSupplier nanoTime) {
        List<EndpointSettings> settings = List.of("a", "b", "c", "d").stream()
                .map(name -> Samples.settings(name, "vllm", 1000))
                .toList();
        return Endpoints.of(settings, Samples.PROFILES::get, CircuitBreakerSettings.DEFAULTS, nanoTime);
    }

    private static EndpointState healthy(Endpoint endpoint) {
        return EndpointState.unknown(endpoint)
                .after(EndpointStatus.HEALTHY, 0, Instant.EPOCH, Duration.ZERO, Instant.EPOCH);
    }

    private void fail(int endpoint) {
        now.incrementAndGet();
        for (int i = 0; i < CircuitBreakerSettings.DEFAULTS.failureThreshold(); i++) {
            endpoints.get(endpoint).breaker().passAnyway().failed();
        }
    }

    private void goesDown(int endpoint) {
        states.update(endpoints.get(endpoint), state -> state.lost(Instant.EPOCH));
    }

    private Standing standing(int endpoint) {
        return endpoints.get(endpoint).breaker().standing();
    }

    @BeforeEach
    void limit() {
        endpoints.forEach(endpoint -> endpoint.breaker().limitBy(states.ejectionLimit()));
    }

    @Test
    void whereAnotherGoesDownTheFirstThatWasEjectedMayBeTriedBeforeItsTime() {
        fail(1);
        fail(0);
        fail(2);
        assertThat(standing(0)).isEqualTo(Standing.EJECTED);
        assertThat(standing(1)).isEqualTo(Standing.EJECTED);
        assertThat(standing(2)).as("half of them are out").isEqualTo(Standing.CLOSED);
        goesDown(3);
        assertThat(standing(1)).isEqualTo(Standing.ON_TRIAL);
        assertThat(standing(0)).as("one of three").isEqualTo(Standing.EJECTED);
        goesDown(2);
        assertThat(standing(0)).as("one of two").isEqualTo(Standing.EJECTED);
    }

    @Test
    void theLastThatIsUpIsNotEjected() {
        fail(0);
        goesDown(1);
        goesDown(2);
        assertThat(standing(0)).isEqualTo(Standing.EJECTED);
        goesDown(3);
        assertThat(standing(0)).isEqualTo(Standing.ON_TRIAL);
    }

    @Test
    void anEjectedOneThatIsDownLeavesRoomForAnother() {
        fail(0);
        fail(1);
        goesDown(0);
        fail(2);
        assertThat(standing(2)).as("of three that are up, one is out").isEqualTo(Standing.CLOSED);
        goesDown(1);
        fail(2);
        assertThat(standing(2)).as("of two that are up, none is out").isEqualTo(Standing.EJECTED);
    }
}
