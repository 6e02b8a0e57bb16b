package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Origin;
import dev.olla.http.UpstreamFailure;
import dev.olla.http.UpstreamFailure.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersWordsTest {

    private static final Origin ORIGIN = new Origin(true, "gpu.internal", 8443);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNKNOWN_HOST | unknown host gpu.internal | unknown host of endpoint gpu",
                "UNREACHABLE | https://gpu.internal:8443: No route to host: /10.0.0.1:8443 | endpoint gpu can't be reached",
                "REFUSED | connection to https://gpu.internal:8443 refused | connection to endpoint gpu refused",
                "MALFORMED | https://gpu.internal:8443 sent a malformed answer: x | endpoint gpu sent a malformed answer: x",
                "TLS_FAILED | no TLS with https://gpu.internal:8443: its certificate is not for gpu.internal: set tls.server_name | no TLS with endpoint gpu: its certificate is not for its host: set tls.server_name",
                "RESET | https://gpu.internal:8443 reset the connection | endpoint gpu reset the connection",
            })
    void theCallerReadsTheName(Kind kind, String logged, String told) {
        assertThat(CallersWords.of(new UpstreamFailure(kind, false, logged), ORIGIN, "endpoint gpu"))
                .isEqualTo(told);
    }
}
