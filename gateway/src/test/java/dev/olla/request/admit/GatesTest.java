package dev.olla.request.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Headers;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The policy lets in 127.0.0.0/8, ::1 and 192.0.2.0/24, under the names `localhost` and `olla.lan`.
class GatesTest {

    private static final AccessPolicy POLICY = new AccessPolicy(
            IpNetwork.listOf("127.0.0.0/8", "::1/128", "192.0.2.0/24"), Set.of("localhost", "Olla.LAN"));

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private static InternalGate gate(boolean dashboard, boolean internalApi) {
        return new InternalGate(new DashboardSettings(dashboard, POLICY, internalApi));
    }

    // path, dashboard enabled, gate_internal_api, whether a stranger is turned away
    @ParameterizedTest
    @CsvSource({
        "/internal/ui, true, false, true",
        "/internal/ui/, true, false, true",
        "/internal/ui/app.js, true, false, true",
        "/internal/ui, false, false, false",
        "/internal/ui/, false, true, true",
        "/internal/uix, true, false, false",
        "/internal/status, true, false, false",
        "/version, true, false, false",
        "/internal/status, true, true, true",
        "/internal/status, false, true, true",
        "/internal/reload, true, true, true",
        "/internal, true, true, true",
        "/internal/nothing, true, true, true",
        "/version, true, true, true",
        "/version/, true, true, false",
        "/internal/health, true, true, false",
        "/internal/ready, true, true, false",
        "/internal/health/x, true, true, true",
        "/olla/models, true, true, false",
        "/, true, true, false",
    })
    void theGateStandsBeforeTheDashboardAndOnRequestBeforeAllInnerPages(
            String path, boolean dashboard, boolean internalApi, boolean refused) {
        InternalGate gate = gate(dashboard, internalApi);
        assertThat(gate.check(path, address("203.0.113.1"), "localhost") != null)
                .isEqualTo(refused);
        assertThat(gate.check(path, address("127.0.0.1"), "evil.example") != null)
                .isEqualTo(refused);
        assertThat(gate.check(path, address("127.0.0.1"), "localhost")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "localhost, true",
                "LocalHost:40114, true",
                "olla.lan, true",
                "OLLA.LAN:80, true",
                "127.0.0.1, true",
                "10.9.8.7:40114, true",
                "[::1]:40114, true",
                "[2001:db8::1], true",
                "::1, true",
                "localhost.evil.example, false",
                "evil.example, false",
                "127.0.0.1.evil.example, false",
                "[::1, false",
                "'', false",
                "-, false",
            })
    void aHostIsALiteralOrANameOfTheList(@Nullable String host, boolean accepted) {
        assertThat(gate(true, false).check("/internal/ui/", address("::1"), host) == null)
                .isEqualTo(accepted);
    }

    @Test
    void theRefusalNamesReasonAddressAndHostAsSent() {
        InternalGate gate = gate(true, false);
        assertThat(Objects.requireNonNull(gate.check("/internal/ui/", address("2001:db8::9"), "Olla.LAN:1"))
                        .message())
                .isEqualTo("403 forbidden: ip not in allowed range (ip=2001:db8::9, host=Olla.LAN:1). Adjust"
                        + " dashboard.access_policy.allowed_hosts (or allowed_cidrs) in your config.");
        assertThat(Objects.requireNonNull(gate.check("/internal/ui/", address("::ffff:127.0.0.1"), "Evil.Example"))
                        .message())
                .isEqualTo("403 forbidden: host not accepted (ip=127.0.0.1, host=Evil.Example). Adjust"
                        + " dashboard.access_policy.allowed_hosts (or allowed_cidrs) in your config.");
    }

    // peer, gate_internal_api, Host, Origin, further header, what the refusal mentions
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "127.0.0.1 | false | localhost:40114 | - | - | -",
                "127.9.9.9 | false | 127.0.0.1:40114 | - | - | -",
                "::1 | false | [::1]:40114 | - | - | -",
                "::1 | false | olla.lan | - | - | -",
                "192.0.2.5 | false | localhost | - | - | this machine only",
                "192.0.2.5 | true | olla.lan | - | - | -",
                "203.0.113.1 | true | olla.lan | - | - | allowed_cidrs only",
                "127.0.0.1 | false | evil.example | - | - | allowed_hosts",
                "127.0.0.1 | false | - | - | - | allowed_hosts",
                "127.0.0.1 | false | localhost | - | X-Forwarded-For | X-Forwarded-For",
                "127.0.0.1 | false | localhost | - | forwarded | Forwarded",
                "127.0.0.1 | false | localhost | - | x-real-ip | X-Real-IP",
                "127.0.0.1 | false | localhost:40114 | http://localhost:40114 | - | -",
                "127.0.0.1 | false | LOCALHOST:40114 | http://localhost:40114 | - | -",
                "127.0.0.1 | false | localhost:80 | http://localhost | - | -",
                "127.0.0.1 | false | localhost:40114 | http://localhost:3000 | - | another origin",
                "127.0.0.1 | false | localhost:40114 | https://localhost:40114 | - | another origin",
                "127.0.0.1 | false | localhost:40114 | https://evil.example | - | another origin",
                "127.0.0.1 | false | localhost:40114 | null | - | another origin",
            })
    void aControlCallComesFromThisMachineAndItsOwnPage(
            String peer,
            boolean internalApi,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String further,
            @Nullable String mentioned) {
        Headers headers = new Headers();
        if (host != null) {
            headers.add("Host", host);
        }
        if (origin != null) {
            headers.add("Origin", origin);
        }
        if (further != null) {
            headers.add(further, "192.0.2.1");
        }
        String refusal =
                new ControlCallGate(new DashboardSettings(true, POLICY, internalApi)).refusal(address(peer), headers);
        if (mentioned == null) {
            assertThat(refusal).isNull();
        } else {
            assertThat(refusal).contains(mentioned);
        }
    }
}
