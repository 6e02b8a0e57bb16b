package dev.olla.fleet;

import static dev.olla.fleet.CircuitBreaker.Standing.CLOSED;
import static dev.olla.fleet.CircuitBreaker.Standing.EJECTED;
import static dev.olla.fleet.CircuitBreaker.Standing.ON_TRIAL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CircuitBreakerTest {

    private static final Duration OPEN = Duration.ofNanos(10);

    private final List<String> changes = new ArrayList<>();
    private final CircuitBreaker.Listener listener = new CircuitBreaker.Listener() {
        @Override
        public void ejected() {
            changes.add("ejected");
        }

        @Override
        public void readmitted() {
            changes.add("readmitted");
        }
    };
    private long now = 100;
    private final CircuitBreaker breaker = new CircuitBreaker(settings(3), () -> now, listener);

    private static CircuitBreakerSettings settings(int threshold) {
        return new CircuitBreakerSettings(threshold, OPEN, 50, Duration.ZERO);
    }

    @Test
    void opensAfterFailuresInARow() {
        fail(2);
        pass().succeeded();
        fail(2);
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        fail(1);
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.tryPass()).isNull();
        assertThat(changes).containsExactly("ejected");
    }

    @Test
    void isOnTrialAfterTheOpenTimeOneRequestAtATime() {
        fail(3);
        now += 9;
        assertThat(breaker.tryPass()).isNull();
        now += 1;
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.tryPass()).isNotNull();
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.tryPass()).isNull();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
    }

    @Test
    void aWholeAnswerWinsTheTrial() {
        CircuitBreaker.Pass trial = trial();
        trial.answering();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        trial.succeeded();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        assertThat(changes).containsExactly("ejected", "readmitted");
        fail(2);
        assertThat(breaker.standing())
                .as("nothing is left of the failures before")
                .isEqualTo(CLOSED);
    }

    @Test
    void tenSecondsOfAStreamWinTheTrial() {
        CircuitBreaker.Pass trial = trial();
        trial.answering();
        now += Duration.ofSeconds(10).toNanos() - 1;
        trial.streaming();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        now += 1;
        trial.streaming();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        trial.streaming();
        trial.failed();
        assertThat(breaker.standing()).as("a trial is won once").isEqualTo(CLOSED);
        assertThat(changes).containsExactly("ejected", "readmitted");
    }

    @Test
    void theNextTrialMayBeginWithTheFirstByteOfTheLast() {
        CircuitBreaker.Pass first = trial();
        first.answering();
        assertThat(breaker.admits()).isTrue();
        CircuitBreaker.Pass second = pass();
        assertThat(breaker.admits()).isFalse();
        first.failed();
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        second.succeeded();
        assertThat(breaker.standing()).as("it was sent before the last failure").isEqualTo(EJECTED);
    }

    @Test
    void aLostTrialEjectsForTheWholeTimeAgain() {
        trial().failed();
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        now += 9;
        assertThat(breaker.admits()).isFalse();
        now += 1;
        assertThat(breaker.admits()).isTrue();
        assertThat(changes).containsExactly("ejected", "ejected");
    }

    @Test
    void aTrialWhoseClientLeftGivesItsPlaceToTheNext() {
        trial().abandoned();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        assertThat(breaker.tryPass()).isNotNull();
        assertThat(breaker.tryPass()).isNull();
    }

    @Test
    void aRequestThatPassesAnywayEndsNoTrial() {
        trial();
        CircuitBreaker.Pass bypass = breaker.passAnyway();
        bypass.answering();
        bypass.abandoned();
        assertThat(breaker.admits()).as("the place stays taken").isFalse();
        breaker.passAnyway().failed();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        assertThat(breaker.admits()).isFalse();
        breaker.passAnyway().succeeded();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
    }

    @Test
    void aRequestThatPassesAnywayMayReadmitAndProlongsNothing() {
        fail(3);
        now += 5;
        breaker.passAnyway().failed();
        now += 5;
        assertThat(breaker.admits()).isTrue();
        trial().failed();
        breaker.passAnyway().succeeded();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        assertThat(changes).endsWith("readmitted");
    }

    @Test
    void whatWasSentBeforeTheEjectionSaysNothingOfIt() {
        CircuitBreaker.Pass early = pass();
        CircuitBreaker.Pass late = pass();
        fail(3);
        early.succeeded();
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        now += 10;
        CircuitBreaker.Pass trial = pass();
        late.failed();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        trial.succeeded();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
    }

    @Test
    void aClientThatLeftSaysNothing() {
        fail(2);
        pass().abandoned();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        fail(1);
        assertThat(breaker.standing()).isEqualTo(EJECTED);
    }

    @Test
    void countsProbesAndLiveRequestsTogether() {
        fail(1);
        breaker.probeFailed();
        breaker.probeFailed();
        assertThat(breaker.standing()).isEqualTo(EJECTED);
    }

    @Test
    void closesWithTheFirstGoodProbeWhenOnlyProbesFailed() {
        failProbes();
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        breaker.probeSucceeded();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        failProbes();
        now += 10;
        pass();
        breaker.probeSucceeded();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
    }

    @Test
    void aGoodProbeDoesNotReadmitWhatLiveRequestsEjected() {
        fail(3);
        breaker.probeSucceeded();
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        now += 10;
        breaker.probeSucceeded();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
        pass();
        breaker.probeSucceeded();
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
    }

    @Test
    void aGoodProbeForgivesNoLiveFailure() {
        fail(2);
        breaker.probeSucceeded();
        fail(1);
        assertThat(breaker.standing()).isEqualTo(EJECTED);
    }

    @Test
    void aFailedProbeEndsNoTrial() {
        CircuitBreaker.Pass trial = trial();
        breaker.probeFailed();
        trial.succeeded();
        assertThat(breaker.standing()).isEqualTo(CLOSED);
    }

    @Test
    void doesNotOpenWhereThereIsNoRoomButAsSoonAsThereIs() {
        boolean[] room = {false};
        breaker.limitBy((asking, percent) -> asking == breaker && percent == 50 && room[0]);
        fail(7);
        assertThat(breaker.standing()).isEqualTo(CLOSED);
        room[0] = true;
        fail(1);
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        now += 10;
        room[0] = false;
        pass().failed();
        assertThat(breaker.standing())
                .as("a lost trial without room is followed by the next")
                .isEqualTo(ON_TRIAL);
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void goesOnByNewSettings() {
        fail(2);
        breaker.use(settings(2));
        fail(1);
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        breaker.use(new CircuitBreakerSettings(2, Duration.ofNanos(20), 50, Duration.ZERO));
        now += 19;
        assertThat(breaker.standing()).isEqualTo(EJECTED);
        now += 1;
        assertThat(breaker.standing()).isEqualTo(ON_TRIAL);
    }

    private CircuitBreaker.Pass pass() {
        return Objects.requireNonNull(breaker.tryPass());
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            pass().failed();
        }
    }

    private void failProbes() {
        for (int i = 0; i < 3; i++) {
            breaker.probeFailed();
        }
    }

    private CircuitBreaker.Pass trial() {
        fail(breaker.standing() == CLOSED ? 3 : 0);
        now += 10;
        return pass();
    }
}
