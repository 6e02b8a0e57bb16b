package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CircuitBreakerTest {

    private long now = 100;
    private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofNanos(10), () -> now);

    @Test
    void opensAfterFailuresInARow() {
        breaker.failed();
        breaker.failed();
        breaker.succeeded();
        breaker.failed();
        breaker.failed();
        assertThat(breaker.tryPass()).isTrue();
        breaker.failed();
        assertThat(breaker.ejected()).isTrue();
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.tryPass()).isFalse();
    }

    @Test
    void admitsOneTrialAfterTheOpenTime() {
        open();
        now += 9;
        assertThat(breaker.tryPass()).isFalse();
        now += 1;
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.tryPass()).isFalse();
        assertThat(breaker.ejected()).isTrue();
    }

    @Test
    void closesWhenTheTrialSucceeds() {
        beginTrial();
        breaker.succeeded();
        assertThat(breaker.ejected()).isFalse();
        breaker.failed();
        breaker.failed();
        assertThat(breaker.ejected()).isFalse();
    }

    @Test
    void opensForTheWholeTimeAgainWhenTheTrialFails() {
        beginTrial();
        breaker.failed();
        now += 9;
        assertThat(breaker.admits()).isFalse();
        now += 1;
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void givesTheTrialToTheNextWhenItsClientLeft() {
        beginTrial();
        breaker.abandoned();
        assertThat(breaker.ejected()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
    }

    @Test
    void givesTheTrialToTheNextWhenItTakesTooLong() {
        beginTrial();
        now += 10;
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
    }

    @Test
    void aSupersededTrialDoesNotEndTheOneThatTookItsPlace() {
        beginTrial();
        now += 10;
        assertThat(breaker.tryPass()).isTrue();
        breaker.failed();
        now += 9;
        assertThat(breaker.admits()).isFalse();
        now += 1;
        assertThat(breaker.admits())
                .as("the second trial is still counted from its own start")
                .isTrue();
    }

    @Test
    void aSupersededTrialThatIsAbandonedFreesNoPlace() {
        beginTrial();
        now += 10;
        assertThat(breaker.tryPass()).isTrue();
        breaker.abandoned();
        assertThat(breaker.admits()).isFalse();
        breaker.abandoned();
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void aClientThatLeftSaysNothingWhileClosedOrOpen() {
        breaker.abandoned();
        assertThat(breaker.ejected()).isFalse();
        open();
        breaker.abandoned();
        assertThat(breaker.admits()).isFalse();
    }

    @Test
    void lateFailuresDoNotProlongTheOpenTime() {
        open();
        now += 5;
        breaker.failed();
        now += 5;
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void countsProbesAndLiveRequestsTogether() {
        breaker.failed();
        breaker.probeFailed();
        breaker.probeFailed();
        assertThat(breaker.ejected()).isTrue();
    }

    @Test
    void closesWithTheFirstGoodProbeWhenOnlyProbesFailed() {
        breaker.probeFailed();
        breaker.probeFailed();
        breaker.probeFailed();
        assertThat(breaker.ejected()).isTrue();
        breaker.probeSucceeded();
        assertThat(breaker.ejected()).isFalse();
    }

    @Test
    void aGoodProbeDoesNotReadmitWhatLiveRequestsEjected() {
        open();
        breaker.probeSucceeded();
        assertThat(breaker.ejected()).isTrue();
        now += 10;
        breaker.probeSucceeded();
        assertThat(breaker.ejected()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
        breaker.probeSucceeded();
        assertThat(breaker.ejected()).isTrue();
    }

    @Test
    void aGoodProbeForgivesNoLiveFailure() {
        breaker.failed();
        breaker.failed();
        breaker.probeSucceeded();
        breaker.failed();
        assertThat(breaker.ejected()).isTrue();
    }

    @Test
    void aFailedProbeEndsNoTrial() {
        beginTrial();
        breaker.probeFailed();
        breaker.succeeded();
        assertThat(breaker.ejected()).isFalse();
    }

    private void open() {
        breaker.failed();
        breaker.failed();
        breaker.failed();
    }

    private void beginTrial() {
        open();
        now += 10;
        assertThat(breaker.tryPass()).isTrue();
    }
}
