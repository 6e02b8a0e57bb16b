package dev.olla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactedQueryTest {

    @ParameterizedTest
    @ValueSource(strings = {"api_key", "token", "access_token", "key", "password", "secret", "auth"})
    void valuesOfSecretNamesAreHidden(String name) {
        assertThat(RedactedQuery.of("a=1&" + name + "=s3cret&b=2")).isEqualTo("a=1&" + name + "=[REDACTED]&b=2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Token=s3cret| Token=[REDACTED]",
                "API_KEY=s3cret| API_KEY=[REDACTED]",
                "%74oken=s3cret| %74oken=[REDACTED]",
                "api%5Fkey=s3cret| api%5Fkey=[REDACTED]",
                "api%5fKEY=s3cret| api%5fKEY=[REDACTED]",
                "+token+=s3cret| +token+=[REDACTED]",
                "token=s3cret=s3cret| token=[REDACTED]",
                "token=s3cret;s3cret| token=[REDACTED]",
                "a=1;token=s3cret;b=s3cret| a=1;token=[REDACTED]",
                "token=s3cret&token=s3cret| token=[REDACTED]&token=[REDACTED]",
                "token=| token=[REDACTED]",
            })
    void namesCompareDecodedAndWithoutCase(String query, String shown) {
        assertThat(RedactedQuery.of(query)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "&",
                "a=&&b",
                "detailed=true&group=family",
                "tokens=5",
                "monkey=1",
                "token",
                "%",
                "%zz=1",
                "%e2%82=x",
                "q=token=s3"
            })
    void theRestStaysAsItWasSent(String query) {
        assertThat(RedactedQuery.of(query)).isEqualTo(query);
    }

    @Test
    void nothingIsNothing() {
        assertThat(RedactedQuery.of("")).isEmpty();
    }
}
