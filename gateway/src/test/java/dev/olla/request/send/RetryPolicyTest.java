package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Body;
import dev.olla.http.Headers;
import dev.olla.http.RequestHead;
import dev.olla.http.UpstreamFailure.Kind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2031-02-03T04:05:06Z");
    private static final FailureRule REFUSED = FailureRule.of(Kind.REFUSED);
    private static final Outgoing POST = request(true);
    private static final Outgoing CHANGE = request(false);

    @Test
    void attemptsAreLimitedWithTheFirstIncluded() {
        RetryPolicy two = policy(new RetrySettings(true, true, Set.of(503), 2, 20, 3));
        assertThat(two.passesOver(503, POST, 1)).isTrue();
        assertThat(two.passesOver(503, POST, 2)).isFalse();
        assertThat(two.allowsAfter(REFUSED, POST, 1)).isTrue();
        assertThat(two.allowsAfter(REFUSED, POST, 2)).isFalse();
        assertThat(policy(RetrySettings.DEFAULTS).allowsAfter(REFUSED, POST, 99))
                .isTrue();
    }

    @Test
    void whatWasSentIsRepeatedOnlyIfItChangesNothing() {
        RetryPolicy usual = policy(RetrySettings.DEFAULTS);
        assertThat(usual.passesOver(503, CHANGE, 1)).isFalse();
        assertThat(usual.allowsAfter(FailureRule.of(Kind.CLOSED), CHANGE, 1)).isFalse();
        assertThat(usual.allowsAfter(REFUSED, CHANGE, 1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"400, false", "404, false", "429, true", "500, false", "502, true", "503, true", "504, false"})
    void theUsualStatuses(int status, boolean passedOver) {
        assertThat(policy(RetrySettings.DEFAULTS).passesOver(status, POST, 1)).isEqualTo(passedOver);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "429, 7, 7",
                "503, 7, 7",
                "503, none, none",
                "503, soon, none",
                "404, 7, none",
                "429, 'Mon, 03 Feb 2031 04:05:26 GMT', 20",
                "429, 'Mon, 03 Feb 2031 04:05:00 GMT', 0",
            })
    void aServerMaySayWhenItIsBack(int status, @Nullable String field, @Nullable Long seconds) {
        Headers headers = field == null ? new Headers() : Headers.of("Retry-After", field);
        Duration pause = policy(RetrySettings.DEFAULTS).pause(status, headers);
        assertThat(pause).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    @Test
    void noServerIsLeftAloneForMoreThanFiveMinutes() {
        assertThat(RetryPolicy.bounded(Duration.ofMinutes(5))).isEqualTo(Duration.ofMinutes(5));
        assertThat(RetryPolicy.bounded(Duration.ofMinutes(50))).isEqualTo(Duration.ofMinutes(5));
        assertThat(RetryPolicy.bounded(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    }

    private static RetryPolicy policy(RetrySettings settings) {
        return new RetryPolicy(settings, new RetryBudget(() -> 0), () -> NOW);
    }

    private static Outgoing request(boolean repeatable) {
        return new Outgoing(
                "id",
                new RequestHead("POST", "/", 1, new Headers()),
                InetSocketAddress.createUnresolved("client", 1),
                "/",
                Body.empty(),
                null,
                -1,
                -1,
                new RequestLimits(ProxySettings.DEFAULTS).of(false),
                repeatable);
    }
}
