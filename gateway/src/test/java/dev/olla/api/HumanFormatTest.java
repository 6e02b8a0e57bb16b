package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanFormatTest {

    private static final Instant NOW = Instant.parse("2031-02-03T04:05:06.700Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "812, 812 B",
        "1023, 1023 B",
        "1024, 1.00 KB",
        "3565158, 3.40 MB",
        "5261334938, 4.90 GB",
        "1099511627776, 1.00 TB",
        "1125899906842624, 1.00 PB",
        "1152921504606846976, 1024.00 PB"
    })
    void bytesHaveTwoDecimalsFromAKilobyteOn(long count, String shown) {
        assertThat(HumanFormat.bytes(count)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0, 0%", "100, 100%", "97.3, 97.3%", "97.5, 97.5%", "50, 50.0%", "99.96, 100.0%", "0.04, 0.0%"})
    void percentagesHaveOneDecimalExceptAtTheEnds(double percent, String shown) {
        assertThat(HumanFormat.percent(percent)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0, 0ms", "84, 84ms", "999, 999ms", "1000, 1.0s", "1234, 1.2s", "61000, 61.0s"})
    void latenciesAreSecondsFromOneSecondOn(long millis, String shown) {
        assertThat(HumanFormat.latency(millis)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0s",
        "PT0S, 0s",
        "PT42.9S, 42s",
        "PT59.9S, 59s",
        "PT1M, 1m",
        "PT7M20S, 7m",
        "PT7M40S, 8m",
        "PT3H10M, 3h",
        "PT47H, 2d",
        "PT50H, 2d"
    })
    void durationsAreSecondsThenOneRoundedUnit(Duration length, String shown) {
        assertThat(HumanFormat.duration(length)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT42S, 42s", "PT17M59S, 17m", "PT3H5M6S, 3h 5m", "PT24H, 1d 0h", "PT52H59M, 2d 4h"})
    void uptimesHaveTwoUnitsFromAnHourOn(Duration length, String shown) {
        assertThat(HumanFormat.uptime(length)).isEqualTo(shown);
    }

    @Test
    void whatNeverCameIsNever() {
        assertThat(HumanFormat.ago(null, NOW)).isEqualTo("never");
        assertThat(HumanFormat.until(null, NOW)).isEqualTo("unknown");
        assertThat(HumanFormat.timestamp(null)).isEqualTo("0001-01-01T00:00:00Z");
    }

    @Test
    void momentsAreToldRelativeToNow() {
        assertThat(HumanFormat.ago(NOW.minusSeconds(42), NOW)).isEqualTo("42s ago");
        assertThat(HumanFormat.ago(NOW.plusSeconds(1), NOW)).isEqualTo("0s ago");
        assertThat(HumanFormat.until(NOW.plusSeconds(4), NOW)).isEqualTo("in 4s");
        assertThat(HumanFormat.until(NOW, NOW)).isEqualTo("now");
        assertThat(HumanFormat.until(NOW.minusSeconds(4), NOW)).isEqualTo("now");
    }

    @Test
    void timestampsKeepTheirFraction() {
        assertThat(HumanFormat.timestamp(NOW)).isEqualTo("2031-02-03T04:05:06.700Z");
    }
}
