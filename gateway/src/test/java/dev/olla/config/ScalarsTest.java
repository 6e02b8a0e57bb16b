package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.olla.config.Scalars.BadValue;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalarsTest {

    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "500ms, PT0.5S",
        "250us, PT0.00025S",
        "250µs, PT0.00025S",
        "250μs, PT0.00025S",
        "10ns, PT0.00000001S",
        "0s, PT0S",
        "+5m, PT5M",
        "-5m, PT-5M",
        "24h, PT24H",
        "1h1m1s1ms, PT1H1M1.001S",
    })
    void readsADuration(String text, Duration expected) throws BadValue {
        assertThat(Scalars.duration(plain(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "30, 30 has no unit: write 30s or 30ms",
        "1.5, 1.5 has no unit: write 1.5s or 1.5ms",
        "0, 0 has no unit: write 0s",
        "1d, '1d is no duration: write one such as 500ms, 30s, 5m or 1h30m'",
        "s, 's is no duration: write one such as 500ms, 30s, 5m or 1h30m'",
        "5 s, '5 s is no duration: write one such as 500ms, 30s, 5m or 1h30m'",
        "5s5, '5s5 is no duration: write one such as 500ms, 30s, 5m or 1h30m'",
        "30S, '30S is no duration: write one such as 500ms, 30s, 5m or 1h30m'",
        "-, '- is no duration: write one such as 500ms, 30s, 5m or 1h30m'",
        "9999999h, 9999999h is too long: the longest duration is about 292 years",
    })
    void saysHowToWriteADuration(String text, String message) {
        assertThatThrownBy(() -> Scalars.duration(plain(text))).hasMessage(message);
    }

    @Test
    void aZeroNeedsNoUnitInQuotesOrAVariable() throws BadValue {
        assertThat(Scalars.duration(quoted("0"))).isZero();
        assertThat(Scalars.duration(variable("0"))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT15M, 15m", "PT1H30M, 1h30m", "PT0.5S, 500ms", "PT1.5S, 1s500ms", "PT-5S, -5s"})
    void writesADuration(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "40114, 40114",
        "-1, -1",
        "+7, 7",
        "1_000, 1000",
        "0x10, 16",
        "0o17, 15",
        "1e3, 1000",
        "8080.0, 8080"
    })
    void readsAnInteger(String text, long expected) throws BadValue {
        assertThat(Scalars.integer(plain(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1.5", "", "1,000", "1e99", "012", "0x", "true", "٣"})
    void refusesWhatIsNoInteger(String text) {
        assertThatThrownBy(() -> Scalars.integer(plain(text))).hasMessageEndingWith("is no whole number");
    }

    @Test
    void anIntegerStandsWithoutQuotesInAFile() throws BadValue {
        assertThatThrownBy(() -> Scalars.integer(quoted("8080")))
                .hasMessage("a number stands without quotes: write 8080");
        assertThat(Scalars.integer(variable("8080"))).isEqualTo(8080);
    }

    @Test
    void aNumberOfAMillionDigitsIsRefusedAtOnce() {
        String digits = "9".repeat(1_000_000);
        assertThatThrownBy(() -> Scalars.duration(plain(digits + "s")))
                .hasMessageEndingWith("is too long for a number");
        assertThatThrownBy(() -> Scalars.bytes(plain(digits + "k"))).hasMessageEndingWith("is too long for a number");
    }

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "True, true",
        "TRUE, true",
        "y, true",
        "Yes, true",
        "ON, true",
        "false, false",
        "n, false",
        "No, false",
        "off, false",
        "OFF, false"
    })
    void readsABoolean(String text, boolean expected) throws BadValue {
        assertThat(Scalars.bool(plain(text))).isEqualTo(expected);
        assertThat(Scalars.bool(quoted(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tRue", "oN", "1", "t", "enabled", ""})
    void refusesWhatIsNoBoolean(String text) {
        assertThatThrownBy(() -> Scalars.bool(plain(text))).hasMessageEndingWith("is neither true nor false");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "t, true", "T, true", "0, false", "f, false", "F, false", "true, true"})
    void aVariableTakesMoreSpellingsOfABoolean(String text, boolean expected) throws BadValue {
        assertThat(Scalars.bool(variable(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-1, -1",
        "104857600, 104857600",
        "100MB, 104857600",
        "100mb, 104857600",
        "100 MiB, 104857600",
        "1k, 1024",
        "1.5 GiB, 1610612736",
        "10b, 10",
        "2T, 2199023255552",
        "1p, 1125899906842624"
    })
    void readsASize(String text, long expected) throws BadValue {
        assertThat(Scalars.bytes(plain(text))).isEqualTo(expected);
        assertThat(Scalars.bytes(variable(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"big", "100 M B", "MB", "10x", "-5MB", "10ib"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> Scalars.bytes(plain(text))).hasMessageContaining("is no size: write bytes");
    }

    @Test
    void showsAValueAsOneShortLine() {
        assertThat(Secrets.shown("a\nb\u001b[31m")).isEqualTo("a b [31m");
        assertThat(Secrets.shown("x".repeat(100))).isEqualTo("x".repeat(60) + "…");
        assertThat(Secrets.shown("user:password@host")).isEqualTo("this value");
    }

    private static Value plain(String text) {
        return new Value(text, true, 1, null);
    }

    private static Value quoted(String text) {
        return new Value(text, false, 1, null);
    }

    private static Value variable(String text) {
        return new Value(text, false, 0, "OLLA_TEST");
    }
}
