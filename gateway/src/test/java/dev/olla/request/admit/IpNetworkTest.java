package dev.olla.request.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpNetworkTest {

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:201, 192.0.2.1",
        "::, ::",
        "::1, ::1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:0:0:2:0:0:3:4, 1::2:0:0:3:4",
        "fe80::, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    })
    void anAddressIsShownInItsShortForm(String text, String shown) {
        assertThat(address(text)).hasToString(shown);
        assertThat(address(shown)).isEqualTo(address(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "1.2.3.-4",
                "1..2.3",
                "1.2.3.4000",
                "١.2.3.4",
                "localhost",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "fe80::1%lo",
                "[::1]",
                "g::1",
                "unknown",
                "_hidden",
                "0x7f.1"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Test
    void aMappedPeerIsItsIpv4Address() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 7};
        assertThat(IpAddress.of(InetAddress.getByAddress(mapped))).hasToString("10.0.0.7");
        assertThat(IpAddress.of(InetAddress.ofLiteral("fd00::7"))).hasToString("fd00::7");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.0.9, true",
        "::1, true",
        "::ffff:127.0.0.1, true",
        "128.0.0.1, false",
        "::2, false",
        "10.0.0.1, false"
    })
    void theLoopbackIsKnown(String text, boolean loopback) {
        assertThat(address(text).isLoopback()).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "::ffff:10.0.0.0/104, 10.1.1.1, true",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7/32, 192.0.2.6, false",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 8.8.8.8, false",
        "::1/128, ::1, true",
        "::1/128, ::2, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "fd00::/65, fd00::7fff:0:0:1, true",
        "fd00::/65, fd00::8000:0:0:1, false",
    })
    void aNetworkContainsTheAddressesThatShareItsBits(String network, String address, boolean contained) {
        assertThat(IpNetwork.listOf(network).getFirst().contains(address(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "::/129",
                "::1",
                "10.0.0.0/08/1",
                "localhost/8",
                "10.0.0.0/ 8"
            })
    void whatIsNoNetworkIsNone(String text) {
        assertThat(IpNetwork.parse(text)).isNull();
    }

    @Test
    void aNetworkIsShownAsItIsWritten() {
        assertThat(IpNetwork.listOf("10.1.2.3/8", "::1/128", "fd00::1/8").toString())
                .isEqualTo("[10.0.0.0/8, ::1/128, fd00::/8]");
    }
}
