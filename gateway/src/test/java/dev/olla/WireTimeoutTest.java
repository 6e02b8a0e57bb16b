package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.olla.telemetry.Logging;
import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What the gateway does with clients that take too long.
class WireTimeoutTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";

    @Test
    void aHeadThatTricklesInIsAnswered408() throws IOException {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("server: {read_header_timeout: 300ms}\n");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nX: ");
            RawResponse answer = trickleUntilAnswered(client);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("server.read_header_timeout").startsWith("{\"error\":");
            assertThat(answer.header("X-Olla-Request-ID")).isNotBlank();
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aBodyThatTricklesInIsAnswered408() throws IOException {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("server: {read_timeout: 300ms}\n");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
            RawResponse answer = trickleUntilAnswered(client);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("server.read_timeout");
            assertThat(client.closed()).isTrue();
            assertThat(backend.requests()).isEmpty();
        }
    }

    private static RawResponse trickleUntilAnswered(RawClient client) throws IOException {
        client.socket().setSoTimeout(10);
        for (int i = 0; i < 2000; i++) {
            client.send("x");
            try {
                String head = client.readHead();
                client.socket().setSoTimeout(10_000);
                return new RawResponse(
                        head,
                        Integer.parseInt(head.substring(9, 12)),
                        java.util.List.of(client.readUntilClosed()),
                        true);
            } catch (SocketTimeoutException _) {
                // nothing yet
            }
        }
        throw new AssertionError("never answered");
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws IOException {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("server: {idle_timeout: 300ms}\n");
                RawClient fresh = gateway.raw();
                RawClient used = gateway.raw()) {
            used.send("GET", PATH, "", "");
            assertThat(used.readResponse().status()).isEqualTo(200);
            assertThat(used.closed()).isTrue();
            assertThat(fresh.closed()).isTrue();
        }
    }

    @Test
    void theLimitsForRequestsDoNotCutAnAnswer() {
        try (SimulatedServer server = SimulatedServer.openai("slow").model("m").start();
                TestGateway gateway = TestGateway.of("server: {read_timeout: 200ms, read_header_timeout: 200ms, "
                        + "idle_timeout: 200ms, write_timeout: 200ms}\n" + TestGateway.endpoints(server))) {
            gateway.get("/olla/models");
            server.fault(Fault.slowFirstByte(Duration.ofSeconds(1)));
            assertThat(gateway.post(PATH, "{\"model\":\"m\",\"messages\":[]}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutByTheWriteTimeout() throws IOException {
        AtomicBoolean noticed = new AtomicBoolean();
        byte[] piece = new byte[100_000];
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
                    try {
                        while (!noticed.get()) {
                            connection.write(piece);
                        }
                    } catch (IOException _) {
                        noticed.set(true);
                    }
                });
                TestGateway gateway = backend.gateway("server: {write_timeout: 500ms}\n");
                RawClient client = gateway.raw()) {
            ListAppender<ILoggingEvent> lines = new ListAppender<>();
            Logger requests = (Logger) LoggerFactory.getLogger(Logging.REQUESTS);
            requests.addAppender(lines);
            requests.setLevel(Level.INFO);
            lines.setContext(requests.getLoggerContext());
            lines.start();
            try {
                client.send("GET", PATH, "", "");
                Eventually.await("the server notices", noticed::get);
                assertThat(client.readUntilClosed()).startsWith("HTTP/1.1 200 OK");
                Eventually.await(
                        "the log names the limit",
                        () -> List.copyOf(lines.list).stream()
                                .anyMatch(line ->
                                        String.valueOf(line.getKeyValuePairs()).contains("server.write_timeout")));
            } finally {
                requests.detachAppender(lines);
                requests.setLevel(null);
            }
        }
    }
}
