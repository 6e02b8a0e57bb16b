package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The turn of a conversation whose own server is full.
class AffinityTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";

    private final SimulatedServer first = server("first");
    private final SimulatedServer second = server("second");

    private static SimulatedServer server(String name) {
        return SimulatedServer.vllm(name).model("m").start();
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private TestGateway gateway(String affinityWait) {
        String yaml = """
                proxy:
                  sticky_sessions: {enabled: true}
                  queue: {affinity_wait: %s}
                discovery:
                  static:
                    endpoints:
                      - {url: "%s", name: first, type: vllm, max_concurrent_requests: 1}
                      - {url: "%s", name: second, type: vllm, max_concurrent_requests: 1}
                """.formatted(affinityWait, first.uri(), second.uri());
        return TestGateway.of(yaml);
    }

    private static HttpResponse<String> turn(TestGateway gateway) {
        return gateway.post(PATH, "{\"model\":\"m\",\"messages\":[]}", "X-Olla-Session-ID", "mine");
    }

    private static String served(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Olla-Endpoint").orElse("none");
    }

    private static String sticky(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Olla-Sticky-Session").orElse("none");
    }

    /// A request that fills that server until its client leaves.
    private RawClient fill(TestGateway gateway, SimulatedServer server) throws IOException {
        server.fault(Fault.hang());
        RawClient client = gateway.raw();
        client.send("POST", PATH, "X-Olla-Session-ID: mine\r\n", "{\"model\":\"m\",\"messages\":[]}");
        Eventually.await("it has arrived", () -> server.requests("/v1/chat/completions") > 1);
        return client;
    }

    private SimulatedServer named(String name) {
        return name.equals("first") ? first : second;
    }

    @Test
    void itGoesElsewhereForOnceAfterAWhileAndThePinStays() throws IOException {
        try (TestGateway gateway = gateway("50ms")) {
            String own = served(turn(gateway));
            try (RawClient filling = fill(gateway, named(own))) {
                HttpResponse<String> meanwhile = turn(gateway);
                assertThat(meanwhile.statusCode()).isEqualTo(200);
                assertThat(served(meanwhile)).isNotEqualTo(own);
                assertThat(sticky(meanwhile)).isEqualTo("miss");
                assertThat(filling.socket().isConnected()).isTrue();
            }
            named(own).clearFault();
            FaultStatus.awaitIdle(gateway, own);
            HttpResponse<String> back = turn(gateway);
            assertThat(served(back)).isEqualTo(own);
            assertThat(sticky(back)).isEqualTo("hit");
        }
    }

    @Test
    void itWaitsForItsOwnServer() throws IOException {
        try (TestGateway gateway = gateway("1m")) {
            String own = served(turn(gateway));
            RawClient filling = fill(gateway, named(own));
            try (RawClient waiting = gateway.raw()) {
                waiting.send("POST", PATH, "X-Olla-Session-ID: mine\r\n", "{\"model\":\"m\",\"messages\":[]}");
                Eventually.await(
                        "it waits",
                        () -> gateway.json("/internal/status")
                                        .path("queue")
                                        .path("waiting")
                                        .asInt()
                                == 1);
                named(own).clearFault();
                filling.close();
                assertThat(waiting.readResponse().head())
                        .startsWith("HTTP/1.1 200 ")
                        .contains("X-Olla-Endpoint: " + own, "X-Olla-Sticky-Session: hit");
            } finally {
                filling.close();
            }
        }
    }
}
