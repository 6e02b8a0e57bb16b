package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProbeVerdictTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "200, 10000, HEALTHY",
        "204, 5, HEALTHY",
        "200, 10001, BUSY",
        "500, 10001, BUSY",
        "401, 5, CONFIG_ERROR",
        "403, 5, CONFIG_ERROR",
        "429, 5, RATE_LIMITED",
        "301, 5, UNHEALTHY",
        "404, 5, UNHEALTHY",
        "503, 5, UNHEALTHY"
    })
    void judgesAnswersByStatusAndTime(int status, long millis, EndpointStatus expected) {
        Fetched answer = Samples.answer(status, Headers.of(), "", Duration.ofMillis(millis));
        assertThat(ProbeVerdict.of(answer, NOW).status()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MALFORMED")
    void takesEveryNetworkErrorForOffline(Kind kind) {
        assertThat(ProbeVerdict.of(Samples.failure(kind), NOW).status()).isEqualTo(EndpointStatus.OFFLINE);
    }

    @Test
    void takesAnAnswerThatIsNoHttpForUnhealthy() {
        assertThat(ProbeVerdict.of(Samples.failure(Kind.MALFORMED), NOW).status())
                .isEqualTo(EndpointStatus.UNHEALTHY);
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        assertThat(pause("7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(pause("Sun, 01 Jun 2025 12:01:30 GMT")).isEqualTo(Duration.ofSeconds(90));
        assertThat(pause("Sun, 01 Jun 2025 11:00:00 GMT")).isEqualTo(Duration.ZERO);
        assertThat(pause("99999999999999999999")).isEqualTo(RetryAfter.LONGEST);
        assertThat(pause("soon")).isEqualTo(Duration.ofSeconds(30));
        assertThat(pause("-5")).isEqualTo(Duration.ofSeconds(30));
        assertThat(ProbeVerdict.of(Samples.answer(429), NOW).pause()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "1, 5", "2, 10", "3, 20", "4, 40", "5, 60", "6, 60", "1000000, 60"})
    void backsOffStepByStep(int failures, long seconds) {
        assertThat(Backoff.after(failures, Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void backsOffTwelvefoldAtMost() {
        assertThat(Backoff.after(9, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(12));
    }

    private static Duration pause(String retryAfter) {
        Fetched answer = Samples.answer(429, Headers.of("Retry-After", retryAfter), "", Duration.ofMillis(1));
        return Objects.requireNonNull(ProbeVerdict.of(answer, NOW).pause());
    }
}
