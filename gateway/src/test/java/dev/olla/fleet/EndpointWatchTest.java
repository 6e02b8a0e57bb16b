package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.CircuitBreaker.Standing;
import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Drives one watch by hand, with a clock that stands still unless told otherwise.
final class EndpointWatchTest {

    private static final String URL = "http://gpu/health";
    private static final Instant START = Instant.parse("2025-06-01T12:00:00Z");
    private static final Fetched OK = Samples.answer(200);
    private static final Fetched REFUSED = Samples.failure(Kind.REFUSED);
    private static final Fetched SILENT = Samples.failure(Kind.HEAD_TIMEOUT);

    private final Endpoint endpoint =
            Samples.endpoint(Samples.settings("gpu", "vllm", 5_000, null, null, NameFilter.ALL, Map.of("X-Key", "k")));
    private final FleetStates states =
            new FleetStates(List.of(EndpointState.unknown(endpoint)), UnificationSettings.DEFAULTS);
    private final ScriptedFetcher fetcher = new ScriptedFetcher();
    private long nanos = 1;
    private final EndpointWatch watch = new EndpointWatch(
            endpoint,
            states,
            new Surroundings(fetcher, "1.2", () -> START.plusNanos(nanos), () -> nanos, new SplittableRandom(1)));

    @Test
    void oneGoodProbeIsEnough() throws InterruptedException {
        check(OK);
        EndpointState state = states.state(endpoint);
        assertThat(state.probed()).isEqualTo(EndpointStatus.HEALTHY);
        assertThat(state.consecutiveFailures()).isZero();
        assertThat(secondsToNextCheck()).isEqualTo(5);
        assertThat(state.lastCheck()).isNotNull();
        assertThat(state.probeTook()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void saysWhoAsksAndSendsTheConfiguredHeaders() throws InterruptedException {
        check(OK);
        Headers sent = fetcher.calls(URL).getFirst().headers();
        assertThat(sent.first("User-Agent")).isEqualTo("olla-HealthChecker/1.2");
        assertThat(sent.first("X-Key")).isEqualTo("k");
        assertThat(fetcher.calls(URL).getFirst().timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aRefusedConnectionActsAtOnceAndPausesGrow() throws InterruptedException {
        check(OK);
        long[] pauses = {5, 10, 20, 40, 60, 60};
        for (int i = 0; i < pauses.length; i++) {
            check(REFUSED);
            assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
            assertThat(states.state(endpoint).consecutiveFailures()).isEqualTo(i + 1);
            assertThat(secondsToNextCheck()).isEqualTo(pauses[i]);
        }
        assertThat(fetcher.calls(URL)).as("no extra attempts").hasSize(1 + pauses.length);
        check(OK);
        assertThat(states.state(endpoint).consecutiveFailures()).isZero();
        assertThat(secondsToNextCheck()).isEqualTo(5);
    }

    @Test
    void aBrokenConnectionIsTriedTwoMoreTimes() throws InterruptedException {
        fetcher.on(URL, Samples.failure(Kind.RESET), Samples.failure(Kind.UNKNOWN_HOST), OK);
        assertThat(watch.check()).isNotNull();
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.HEALTHY);
        List<ScriptedFetcher.Call> calls = fetcher.calls(URL);
        assertThat(calls).hasSize(3);
        assertThat(calls.get(1).at() - calls.get(0).at()).isGreaterThan(87_000_000);
        assertThat(calls.get(2).at() - calls.get(1).at()).isGreaterThan(174_000_000);
    }

    @Test
    void aConnectionThatKeepsBreakingIsOffline() throws InterruptedException {
        fetcher.on(URL, Samples.failure(Kind.CLOSED));
        assertThat(watch.check()).isNotNull();
        assertThat(fetcher.calls(URL)).hasSize(3);
        assertThat(states.state(endpoint).consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void silenceTakesOutAsTheSecondInARowOnly() throws InterruptedException {
        check(OK);
        check(SILENT);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.HEALTHY);
        assertThat(states.state(endpoint).consecutiveFailures()).isZero();
        assertThat(secondsToNextCheck()).isEqualTo(5);
        check(SILENT);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
        assertThat(fetcher.calls(URL)).as("no extra attempts").hasSize(3);
    }

    @Test
    void anAnswerBetweenTwoSilencesKeepsAnEndpointIn() throws InterruptedException {
        check(OK);
        for (int i = 0; i < 5; i++) {
            check(SILENT);
            nanos += 10;
            watch.answered();
            nanos += 10;
        }
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.HEALTHY);
        check(SILENT);
        check(SILENT);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
    }

    @Test
    void aGoodProbeBetweenTwoSilencesKeepsAnEndpointIn() throws InterruptedException {
        check(OK);
        check(SILENT);
        check(OK);
        check(SILENT);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.HEALTHY);
    }

    @Test
    void silenceOfAnEndpointThatIsNotInIsOfflineAtOnce() throws InterruptedException {
        check(SILENT);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
        watch.answered();
        check(SILENT);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
    }

    @Test
    void aConnectTimeoutActsAtOnce() throws InterruptedException {
        check(OK);
        check(Samples.failure(Kind.CONNECT_TIMEOUT));
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
    }

    @Test
    void aServerThatAsksForAPauseGetsIt() throws InterruptedException {
        check(Samples.answer(429, Headers.of("Retry-After", "120"), "", Duration.ofMillis(1)));
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.RATE_LIMITED);
        assertThat(secondsToNextCheck()).isEqualTo(120);
        check(Samples.answer(429));
        assertThat(secondsToNextCheck()).isEqualTo(30);
        check(Samples.answer(429, Headers.of("Retry-After", "0"), "", Duration.ofMillis(1)));
        assertThat(secondsToNextCheck()).as("never sooner than the interval").isEqualTo(5);
    }

    @Test
    void aLiveRequestThatLosesTheEndpointTakesItOut() throws InterruptedException {
        check(OK);
        watch.lost("connection reset");
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
        assertThat(states.state(endpoint).consecutiveFailures()).isEqualTo(1);
        assertThat(secondsToNextCheck()).isEqualTo(5);
        nanos += 1;
        check(REFUSED);
        assertThat(states.state(endpoint).consecutiveFailures()).isEqualTo(2);
        assertThat(secondsToNextCheck()).isEqualTo(10);
    }

    @Test
    void furtherLossesDoNotPutOffTheNextCheck() throws InterruptedException {
        check(OK);
        watch.lost("connection reset");
        Instant next = states.state(endpoint).nextCheck();
        FleetSnapshot published = states.snapshot();
        nanos += Duration.ofSeconds(3).toNanos();
        watch.lost("connection reset");
        watch.lost("connection refused");
        assertThat(states.state(endpoint).nextCheck()).isEqualTo(next);
        assertThat(states.snapshot()).as("nothing new to publish").isSameAs(published);
    }

    @Test
    void aProbeThatBeganBeforeTheLossDoesNotUndoIt() throws InterruptedException {
        check(OK);
        fetcher.on(URL, _ -> {
            watch.lost("connection reset");
            return OK;
        });
        nanos += 1;
        assertThat(watch.check()).isNull();
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.OFFLINE);
        assertThat(states.state(endpoint).consecutiveFailures()).isEqualTo(1);
        nanos += 1;
        check(OK);
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.HEALTHY);
    }

    @Test
    void tellsOfChangesOnly() throws InterruptedException {
        fetcher.on(URL, OK);
        assertThat(watch.check()).isNotNull();
        assertThat(watch.check()).isNull();
    }

    @Test
    void aProbeThatBreaksIsNoEndOfWatching() throws InterruptedException {
        fetcher.on(URL, _ -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(watch.check()).isNotNull();
        assertThat(states.state(endpoint).probed()).isEqualTo(EndpointStatus.UNHEALTHY);
    }

    @Test
    void failedProbesOpenTheBreakerAndAGoodOneClosesIt() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            check(Samples.answer(503));
        }
        assertThat(endpoint.breaker().standing()).isEqualTo(Standing.EJECTED);
        check(OK);
        assertThat(endpoint.breaker().standing()).isEqualTo(Standing.CLOSED);
    }

    @Test
    void aRefusedCredentialIsNoMatterForTheBreaker() throws InterruptedException {
        for (int i = 0; i < 9; i++) {
            check(Samples.answer(401));
            check(Samples.answer(429));
        }
        assertThat(endpoint.breaker().standing()).isEqualTo(Standing.CLOSED);
    }

    private void check(Fetched answer) throws InterruptedException {
        fetcher.on(URL, answer);
        watch.check();
    }

    private long secondsToNextCheck() {
        Instant next = states.state(endpoint).nextCheck();
        return next == null
                ? -1
                : Duration.between(START.plusNanos(nanos), next).toSeconds();
    }
}
