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

/// Proxies at 127.0.0.0/8, 10.0.0.0/8 and fd00::/8 are trusted.
class ClientAddressesTest {

    private static final List<IpNetwork> TRUSTED = IpNetwork.listOf("127.0.0.0/8", "10.0.0.0/8", "fd00::/8");

    private static ClientAddresses clients(boolean trusting, List<IpNetwork> trusted) {
        return new ClientAddresses(new RateLimitSettings(0, 0, 0, 0, Duration.ZERO, trusting, trusted, 0));
    }

    private static String client(ClientAddresses clients, String peer, Headers headers) {
        return clients.of(Objects.requireNonNull(IpAddress.parse(peer)), headers)
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // peer | X-Forwarded-For | X-Real-IP | client
                "10.0.0.1 | - | - | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9 | - | 203.0.113.9",
                "10.0.0.1 | 6.6.6.6, 203.0.113.9 | - | 203.0.113.9",
                "10.0.0.1 | 6.6.6.6,203.0.113.9 , 10.0.0.2,10.0.0.3 | - | 203.0.113.9",
                "198.51.100.1 | 203.0.113.9 | 203.0.113.8 | 198.51.100.1",
                "::ffff:10.0.0.1 | 203.0.113.9 | - | 203.0.113.9",
                "fd00::1 | 2001:db8::9 | - | 2001:db8::9",
                "10.0.0.1 | 203.0.113.9:52000 | - | 203.0.113.9",
                "10.0.0.1 | [2001:db8::9]:52000 | - | 2001:db8::9",
                "10.0.0.1 | [2001:db8::9] | - | 2001:db8::9",
                "10.0.0.1 | ::ffff:203.0.113.9 | - | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9, | - | 203.0.113.9",
                "10.0.0.1 | , , 203.0.113.9 | - | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9, unknown | - | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9, unknown | 203.0.113.8 | 203.0.113.8",
                "10.0.0.1 | 203.0.113.9:x | - | 10.0.0.1",
                "10.0.0.1 | [203.0.113.9 | - | 10.0.0.1",
                "10.0.0.1 | 999.1.1.1 | - | 10.0.0.1",
                "10.0.0.1 | - | 203.0.113.8 | 203.0.113.8",
                "10.0.0.1 | - | nobody | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9 | 203.0.113.8 | 203.0.113.9",
                "10.0.0.1 | 10.0.0.7, 10.0.0.2 | - | 10.0.0.7",
                "10.0.0.1 | 10.0.0.7, 10.0.0.2 | 10.0.0.8 | 10.0.0.8",
            })
    void theClientIsTheLastAddressThatIsNoTrustedProxy(
            String peer, @Nullable String forwarded, @Nullable String real, String client) {
        Headers headers = new Headers();
        if (forwarded != null) {
            headers.add("X-Forwarded-For", forwarded);
        }
        if (real != null) {
            headers.add("X-Real-IP", real);
        }
        assertThat(client(clients(true, TRUSTED), peer, headers)).isEqualTo(client);
    }

    @Test
    void severalFieldsAreOneList() {
        Headers headers = Headers.of(
                "X-Forwarded-For", "6.6.6.6", "x-forwarded-for", "203.0.113.9", "X-Forwarded-For", "10.0.0.2");
        assertThat(client(clients(true, TRUSTED), "10.0.0.1", headers)).isEqualTo("203.0.113.9");
    }

    @Test
    void nobodyIsTrustedUnlessToldSo() {
        Headers headers = Headers.of("X-Forwarded-For", "203.0.113.9", "X-Real-IP", "203.0.113.8");
        assertThat(client(clients(false, TRUSTED), "10.0.0.1", headers)).isEqualTo("10.0.0.1");
        assertThat(client(clients(true, List.of()), "10.0.0.1", headers)).isEqualTo("10.0.0.1");
    }

    @Test
    void aMegabyteOfCommasIsReadInNoTime() {
        Headers headers = Headers.of("X-Forwarded-For", ",".repeat(1_000_000));
        assertThat(client(clients(true, TRUSTED), "10.0.0.1", headers)).isEqualTo("10.0.0.1");
    }
}
