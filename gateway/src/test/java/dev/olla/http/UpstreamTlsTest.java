package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class UpstreamTlsTest {

    private final UpstreamTls tls = UpstreamTls.platform();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @Test
    void whatNoServerUsesAnyMoreIsForgotten() throws SSLException {
        use(TlsSettings.STANDARD);
        for (int i = 0; i < 10; i++) {
            use(named("host-" + i));
        }
        assertThat(tls.size()).isEqualTo(11);
        tls.keep(Set.of(TlsSettings.STANDARD, named("host-3"), named("never-used")));
        assertThat(tls.size()).isEqualTo(2);
    }

    @Test
    void whatIsUsedAfterAllIsMadeAgain() throws SSLException {
        use(named("host"));
        tls.keep(Set.of());
        use(named("host"));
        assertThat(tls.size()).isOne();
    }

    private static TlsSettings named(String name) {
        return new TlsSettings(List.of(), name, false, true);
    }

    private void use(TlsSettings settings) throws SSLException {
        assertThat(tls.handler(channel, new Origin(true, "a.example", 443, settings), Duration.ofSeconds(1), true))
                .isNotNull();
    }
}
