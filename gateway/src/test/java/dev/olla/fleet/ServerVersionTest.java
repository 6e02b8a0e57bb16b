package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {

    @ParameterizedTest
    @CsvSource({
        "0.9.0, 0.14.0",
        "0.13.5, 0.14.0",
        "0.14.0-rc1, 0.14.0",
        "0.14.0rc2, 0.14.0",
        "0.14, 0.14.1",
        "b4800, b4847",
        "v0.4.0, 0.4.1",
        "unknown, 0.0.0"
    })
    void lowerComesFirst(String lower, String higher) {
        assertThat(ServerVersion.of(lower)).isLessThan(ServerVersion.of(higher));
        assertThat(ServerVersion.of(higher)).isGreaterThan(ServerVersion.of(lower));
    }

    @ParameterizedTest
    @CsvSource({"0.14, 0.14.0", "v1.2.3, 1.2.3", "0.14.0+cu128, 0.14.0", "b4847-abcdef, b4847"})
    void otherSpellingsAreTheSame(String one, String other) {
        assertThat(ServerVersion.of(one)).isEqualByComparingTo(ServerVersion.of(other));
    }

    @Test
    void numbersTooLongForAnyVersionAreCutNotRefused() {
        assertThat(ServerVersion.of("9".repeat(500))).isGreaterThan(ServerVersion.of("1.0"));
    }
}
