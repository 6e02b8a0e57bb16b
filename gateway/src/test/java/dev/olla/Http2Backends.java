package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Http2Server;
import dev.olla.testbed.Http2Stream;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import dev.olla.testbed.TestCertificates;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;

/// A gateway before a server that speaks HTTP/2 over TLS and is probed elsewhere, so that only requests are
/// counted.
abstract class Http2Backends {

    static final String PATH = "/olla/proxy/v1/chat/completions";
    static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";
    static final String OK = "{\"ok\":true}";
    static final String EVENTS = "text/event-stream";
    /// How many event loops a gateway has, and so how many connections there are at least under load.
    static final int LOOPS = Runtime.getRuntime().availableProcessors();

    static final TestCertificates CERTIFICATES = TestCertificates.create();

    private final SimulatedServer probed =
            SimulatedServer.vllm("probed").model("m").start();

    @AfterEach
    void close() {
        probed.close();
    }

    static Http2Server server(Http2Server.Script script) {
        return Http2Server.start(CERTIFICATES, 1_000, script);
    }

    TestGateway before(Http2Server server, String proxy, String tls) {
        return TestGateway.of("""
                proxy: {%s}
                discovery:
                  static:
                    endpoints:
                      - {name: box, url: "%s", type: openai-compatible, health_check_url: "%s/health", model_url: "%s/v1/models",
                         check_interval: 1s, check_timeout: 900ms, tls: {insecure_skip_verify: true%s}}
                """.formatted(proxy, server.uri(), probed.uri(), probed.uri(), tls));
    }

    TestGateway before(Http2Server server) {
        return before(server, "", "");
    }

    static RawClient streaming(TestGateway gateway) throws IOException {
        RawClient client = gateway.raw();
        client.send("POST", PATH, "", CHAT);
        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
        assertThat(client.readChunk()).isNotNull();
        return client;
    }

    /// Sends one event, then waits for the client to leave.
    static void endless(Http2Stream stream) throws IOException, InterruptedException {
        stream.head(200, "content-type", EVENTS);
        stream.data("data: x\n\n");
        stream.awaitReset();
    }

    /// Sends one event, and the end once it may.
    static Http2Server.Script endingAfter(CountDownLatch go) {
        return stream -> {
            stream.head(200, "content-type", EVENTS);
            stream.data("data: x\n\n");
            go.await();
            stream.end();
        };
    }

    static JsonNode box(TestGateway gateway) {
        return FaultStatus.endpoint(gateway, "box");
    }
}
