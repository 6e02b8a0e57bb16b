package dev.olla.request.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {

    private static final IpAddress ANN = address("192.0.2.1");
    private static final IpAddress BEN = address("192.0.2.2");
    private static final String CHAT = "/olla/openai/v1/chat/completions";
    private static final String HEALTH = "/internal/health";

    private final FakeClock clock = new FakeClock();

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private RateLimits limits(int global, int perClient, int health, int burst) {
        return new RateLimits(
                new RateLimitSettings(global, perClient, health, burst, Duration.ofMinutes(5), false, List.of(), 0),
                clock,
                clock::nanoTime);
    }

    private static RateVerdict admit(RateLimits limits, IpAddress client, String path) {
        return Objects.requireNonNull(limits.admit(client, path));
    }

    @Test
    void aBurstOfElevenGetsOneRefusalAndARetryInTimePasses() {
        RateLimits limits = limits(0, 60, 0, 10);
        for (int i = 9; i >= 0; i--) {
            assertThat(admit(limits, ANN, CHAT)).isEqualTo(new RateVerdict(60, i, 2_000_000_000L + 10 - i, 0));
        }
        RateVerdict refused = admit(limits, ANN, CHAT);
        assertThat(refused).isEqualTo(new RateVerdict(60, 0, 2_000_000_001L, 1));
        clock.pass(Duration.ofSeconds(refused.retryAfter()));
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
        assertThat(admit(limits, ANN, CHAT).passed()).isFalse();
    }

    @Test
    void aClientAtTheRateIsNeverRefused() {
        RateLimits limits = limits(0, 60, 0, 10);
        for (int i = 0; i < 1000; i++) {
            assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
            clock.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void whoIsRefusedForItselfTakesNothingFromTheOthers() {
        RateLimits limits = limits(6, 1, 0, 2);
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
        clock.pass(Duration.ofSeconds(30));
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(admit(limits, ANN, CHAT)).satisfies(verdict -> {
                assertThat(verdict.passed()).isFalse();
                assertThat(verdict.limit()).isEqualTo(1);
            });
        }
        assertThat(admit(limits, BEN, CHAT).passed()).isTrue();
    }

    @Test
    void whoIsRefusedForTheOthersKeepsItsOwnTokens() {
        RateLimits limits = limits(60, 1, 0, 1);
        assertThat(admit(limits, BEN, CHAT).passed()).isTrue();
        assertThat(admit(limits, ANN, CHAT)).isEqualTo(new RateVerdict(60, 0, 2_000_000_001L, 1));
        clock.pass(Duration.ofSeconds(1));
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
    }

    @Test
    void aRetryIsToldToWaitForTheSlowestBucket() {
        RateLimits limits = limits(1, 60, 0, 1);
        assertThat(admit(limits, ANN, CHAT)).isEqualTo(new RateVerdict(60, 0, 2_000_000_001L, 0));
        assertThat(admit(limits, ANN, CHAT)).isEqualTo(new RateVerdict(1, 0, 2_000_000_060L, 60));
        clock.pass(Duration.ofSeconds(60));
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
    }

    @Test
    void theTightestBucketIsTheOneShown() {
        RateLimits limits = limits(60, 600, 0, 10);
        assertThat(admit(limits, BEN, CHAT)).extracting(RateVerdict::remaining).isEqualTo(9L);
        assertThat(admit(limits, ANN, CHAT)).isEqualTo(new RateVerdict(60, 8, 2_000_000_002L, 0));
    }

    @Test
    void aFractionOfASecondIsRoundedUp() {
        RateLimits limits = limits(0, 7, 0, 1);
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
        RateVerdict refused = admit(limits, ANN, CHAT);
        assertThat(refused).isEqualTo(new RateVerdict(7, 0, 2_000_000_009L, 9));
        clock.pass(Duration.ofMillis(8500));
        assertThat(admit(limits, ANN, CHAT).retryAfter()).isEqualTo(1);
    }

    @Test
    void zeroTurnsOffOnlyThatLimit() {
        assertThat(limits(60, 0, 0, 1).admit(ANN, CHAT)).isNotNull();
        assertThat(limits(0, 60, 0, 1).admit(ANN, CHAT)).isNotNull();
        assertThat(limits(-1, 0, 60, 1).admit(ANN, CHAT)).isNull();
    }

    @Test
    void aBurstOfZeroRefusesEverything() {
        assertThat(admit(limits(0, 100, 0, 0), ANN, CHAT)).satisfies(verdict -> {
            assertThat(verdict.passed()).isFalse();
            assertThat(verdict.retryAfter()).isEqualTo(1);
        });
    }

    @Test
    void theHealthPageHasItsOwnBucketAndNoPartInTheGlobalOne() {
        RateLimits limits = limits(1, 1, 60, 1);
        assertThat(admit(limits, ANN, CHAT).passed()).isTrue();
        assertThat(admit(limits, ANN, HEALTH).passed()).isTrue();
        assertThat(admit(limits, ANN, HEALTH).limit()).isEqualTo(60);
        assertThat(admit(limits, BEN, HEALTH).passed()).isTrue();
        assertThat(limits(1, 1, 0, 1).admit(ANN, HEALTH)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/olla/proxy/v1/chat/completions, true",
        "/olla/anthropic/v1/messages, true",
        "/olla/models, true",
        "/olla/ollama/api/tags, true",
        "/internal/health, true",
        "/internal/health/, false",
        "/internal/status, false",
        "/version, false",
        "/, false",
        "/ollama, false",
    })
    void whatReachesTheFleetIsCovered(String path, boolean covered) {
        assertThat(RateLimits.covers(path)).isEqualTo(covered);
    }

    @Test
    void aQuietClientIsForgottenAfterTenMinutes() {
        ClientBuckets buckets = new ClientBuckets(60, 1, Duration.ofMinutes(5), clock::nanoTime);
        buckets.of(ANN);
        clock.pass(Duration.ofMinutes(9));
        buckets.of(BEN);
        assertThat(buckets.size()).isEqualTo(2);
        clock.pass(Duration.ofMinutes(2));
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void nobodyIsForgottenWithoutCleanup() {
        ClientBuckets buckets = new ClientBuckets(60, 1, Duration.ZERO, clock::nanoTime);
        buckets.of(ANN);
        clock.pass(Duration.ofDays(1));
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void aFloodOfAddressesIsBounded() {
        ClientBuckets buckets = new ClientBuckets(60, 1, Duration.ofMinutes(5), clock::nanoTime);
        for (int i = 0; i < 100_000; i++) {
            buckets.of(new IpAddress(0x2001_0db8L << 32, i));
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void onlyARefusalSaysWhenToRetry() {
        assertThat(written(new RateVerdict(60, 3, 7, 0))).isEqualTo("60 3 7 null");
        assertThat(written(new RateVerdict(60, 0, 7, 2))).isEqualTo("60 0 7 2");
    }

    private static String written(RateVerdict verdict) {
        Headers headers = new Headers();
        verdict.writeTo(headers);
        @Nullable String retryAfter = headers.first("Retry-After");
        return headers.first("X-RateLimit-Limit") + " " + headers.first("X-RateLimit-Remaining") + " "
                + headers.first("X-RateLimit-Reset") + " " + retryAfter;
    }
}
