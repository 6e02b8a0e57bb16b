package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.UpstreamTimeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration TLS = Duration.ofSeconds(2);
    private static final Duration RESPONSE = Duration.ofSeconds(3);
    private static final Duration READ = Duration.ofSeconds(4);

    @Test
    void aStreamIsLimitedBySilenceAndNeverAsAWhole() {
        Outgoing.Limits limits = limits(null, true);
        assertThat(limits.timeouts()).isEqualTo(new UpstreamTimeouts(CONNECT, TLS, READ, READ, Duration.ZERO));
        assertThat(limits.headSetting()).isEqualTo("proxy.read_timeout");
    }

    @Test
    void anAnswerThatDoesNotStreamIsLimitedAsAWhole() {
        Outgoing.Limits limits = limits(null, false);
        assertThat(limits.timeouts()).isEqualTo(new UpstreamTimeouts(CONNECT, TLS, RESPONSE, READ, RESPONSE));
        assertThat(limits.headSetting()).isEqualTo("proxy.response_timeout");
    }

    @Test
    void aWrittenHeaderLimitHoldsForEveryAnswer() {
        Duration header = Duration.ofSeconds(5);
        assertThat(limits(header, true).timeouts().head()).isEqualTo(header);
        assertThat(limits(header, false).timeouts().head()).isEqualTo(header);
        assertThat(limits(header, false).timeouts().total()).isEqualTo(RESPONSE);
        assertThat(limits(header, true).headSetting()).isEqualTo("proxy.response_header_timeout");
        assertThat(limits(header, false).headSetting()).isEqualTo("proxy.response_header_timeout");
    }

    private static Outgoing.Limits limits(@Nullable Duration header, boolean streams) {
        return new RequestLimits(new ProxySettings(
                        "olla", "round-robin", "auto", CONNECT, TLS, Duration.ofSeconds(30), RESPONSE, READ, header))
                .of(streams);
    }
}
