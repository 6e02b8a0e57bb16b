package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the keys of `proxy` do.
final class ProxyKeyEffects {

    private static final String PATH = "/olla/vllm/v1/chat/completions";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[],\"stream\":false}";
    private static final String STREAM = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";

    private ProxyKeyEffects() {}

    static List<KeyEffect> all() {
        return List.of(
                new KeyEffect("proxy.engine", "sherpa", setting -> isShown(setting, "engine")),
                new KeyEffect("proxy.profile", "standard", setting -> isShown(setting, "profile")),
                new KeyEffect("proxy.load_balancer", "priority", ProxyKeyEffects::theHigherGetsAll),
                new KeyEffect("proxy.sticky_sessions.enabled", "true", ProxyKeyEffects::keepsSessionsTogether),
                new KeyEffect("proxy.connection_timeout", "300ms", ProxyKeyEffects::doesNotWaitForAConnection),
                new KeyEffect("proxy.tls_handshake_timeout", "300ms", ProxyKeyEffects::doesNotWaitForTls),
                new KeyEffect("proxy.connection_keep_alive", "7s", ProxyKeyEffects::asksAfterSevenSeconds),
                new KeyEffect("proxy.response_timeout", "300ms", setting -> timesOut(setting, CHAT)),
                new KeyEffect("proxy.read_timeout", "300ms", setting -> timesOut(setting, STREAM)),
                new KeyEffect("proxy.response_header_timeout", "300ms", setting -> timesOut(setting, CHAT)));
    }

    private static SimulatedServer server(String name) {
        return SimulatedServer.vllm(name).model("m").start();
    }

    private static void isShown(Setting setting, String field) {
        try (TestGateway gateway = setting.before(List.of())) {
            assertThat(gateway.json("/internal/status").at("/proxy/" + field).asString())
                    .isEqualTo(setting.value());
        }
    }

    private static void theHigherGetsAll(Setting setting) {
        try (SimulatedServer low = server("low");
                SimulatedServer high = server("high");
                TestGateway gateway = TestGateway.of(
                        setting.yaml("discovery.static.endpoints", "[" + item(low, 1) + ", " + item(high, 9) + "]"),
                        setting.environment())) {
            for (int i = 0; i < 4; i++) {
                assertThat(gateway.post(PATH, CHAT).headers().firstValue("X-Olla-Endpoint"))
                        .hasValue("high");
            }
        }
    }

    private static void keepsSessionsTogether(Setting setting) {
        try (SimulatedServer server = server("box");
                TestGateway gateway = setting.before(server)) {
            String body = CHAT.replace("[]", "[{\"role\":\"user\",\"content\":\"hi\"}]");
            for (String expected : List.of("miss", "hit")) {
                assertThat(gateway.post(PATH, body).headers().firstValue("X-Olla-Sticky-Session"))
                        .hasValue(expected);
            }
        }
    }

    private static String item(SimulatedServer server, int priority) {
        return FaultEndpoints.endpoint(server.name(), server.uri().toString(), "vllm", priority)
                .strip()
                .substring(2);
    }

    private static void doesNotWaitForAConnection(Setting setting) {
        try (FaultListener full = FaultListener.full()) {
            assertThat(answerOf(setting, full.url()).body()).contains(setting.key());
        }
    }

    private static void doesNotWaitForTls(Setting setting) {
        try (RawServer silent = RawServer.start(RawConnection::awaitClose)) {
            assertThat(answerOf(setting, "https://127.0.0.1:" + silent.port()).body())
                    .contains(setting.key());
        }
    }

    /// Of a server whose probes go to another.
    private static HttpResponse<String> answerOf(Setting setting, String url) {
        try (SimulatedServer probed = server("probed")) {
            String endpoint = FaultEndpoints.probedElsewhere(
                    "bad", url, "vllm", 1, probed.uri().toString());
            String yaml = setting.yaml(
                    "discovery.static.endpoints", "[" + endpoint.strip().substring(2) + "]");
            try (TestGateway gateway = TestGateway.of(yaml, setting.environment())) {
                HttpResponse<String> answer = gateway.post(PATH, CHAT);
                assertThat(answer.statusCode()).isBetween(502, 504);
                return answer;
            }
        }
    }

    private static void asksAfterSevenSeconds(Setting setting) {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp6")));
        try (SimulatedServer server = server("box");
                TestGateway gateway = setting.before(server)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            assertThat(SettingsTest.secondsUntilTheSystemAsks(server.port())).isBetween(2.0, 7.5);
        }
    }

    private static void timesOut(Setting setting, String body) {
        try (SimulatedServer server = server("box");
                TestGateway gateway = setting.before(server)) {
            gateway.get("/olla/models");
            server.fault(Fault.hang());
            HttpResponse<String> answer = gateway.post(PATH, body);
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains(setting.key());
        }
    }
}
