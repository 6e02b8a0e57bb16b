package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/// A server that loads its model is silent for long: clients of translated streams hear meanwhile that they are
/// waited for.
class ColdStartTest {

    private static final String ANSWER = "data: {\"model\":\"from-the-server\",\"choices\":[{\"index\":0,\"delta\":"
            + "{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n"
            + "data: {\"model\":\"from-the-server\",\"choices\":[{\"index\":0,\"delta\":{},"
            + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    @TempDir
    private Path folder;

    /// A configuration under which a silent server is waited for in the open at once.
    ///
    /// @param more keys of `proxy`, each after a comma
    private static String soon(String more) {
        return "proxy: {load_balancer: priority, cold_start_grace: 50ms, cold_start_interval: 50ms" + more + "}\n";
    }

    /// What keeps a stream of that format alive.
    private static String sign(ClientFormat format) {
        return switch (format) {
            case MESSAGES -> "event: ping\n";
            case CHAT, RESPONSES -> ":";
            case OLLAMA -> "";
        };
    }

    /// Reads until so many signs came.
    private static String readSigns(RawClient client, ClientFormat format, int wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        int signs = 0;
        while (signs < wanted) {
            String chunk = Objects.requireNonNull(client.readChunk());
            signs += chunk.contains(sign(format)) ? 1 : 0;
            read.append(chunk);
        }
        return read.toString();
    }

    private static String readRest(RawClient client) throws IOException {
        StringBuilder read = new StringBuilder();
        for (String chunk = client.readChunk(); chunk != null; chunk = client.readChunk()) {
            read.append(chunk);
        }
        return read.toString();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void theStreamOpensBeforeTheAnswerAndStaysAlive(ClientFormat format) throws IOException {
        CountDownLatch loaded = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    loaded.await();
                    connection.write(WireBackend.EVENTS);
                    connection.writeChunk(ANSWER);
                    connection.writeChunk("");
                });
                // The wait for the first byte would be over long before.
                TestGateway gateway = backend.gateway(soon(", response_header_timeout: 300ms"));
                RawClient client = gateway.raw()) {
            format.stream(client);
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 200").contains("X-Olla-Mode: translation", "X-Olla-Endpoint: raw");
            String before = format == ClientFormat.OLLAMA ? "" : readSigns(client, format, 8);
            loaded.countDown();
            String rest = readRest(client);

            switch (format) {
                case MESSAGES -> {
                    assertThat(before).startsWith("event: message_start\n").contains("\"model\":\"m\"");
                    assertThat(before.split("event: message_start", -1)).hasSize(2);
                    assertThat(rest).doesNotContain("message_start");
                }
                case RESPONSES ->
                    assertThat(before.lines().filter(line -> !line.isEmpty())).allMatch(line -> line.startsWith(":"));
                case CHAT, OLLAMA -> {}
            }
            assertThat(rest).contains("Hello", format.end());
            client.send("GET", "/version", "", "");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /// Chat clients ask servers of another format.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void aChatStreamOpensWithCommentLines(OneFormat format) throws IOException {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, soon(""), format.endpoint(server));
                RawClient client = gateway.raw()) {
            server.fault(Fault.hang());
            client.send("POST", ClientFormat.CHAT.path(), "", ClientFormat.CHAT.body(OneFormat.MODEL, true));
            assertThat(client.readHead()).startsWith("HTTP/1.1 200").contains("text/event-stream");
            assertThat(readSigns(client, ClientFormat.CHAT, 3).lines().filter(line -> !line.isEmpty()))
                    .allMatch(line -> line.startsWith(":"));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.olla.TranslatedRefusalTest#directions")
    void aFailureAfterwardsIsAnErrorInTheStreamAndNoOtherServerIsTried(ClientFormat client, OneFormat format)
            throws IOException {
        try (SimulatedServer dying = format.server("dying").start();
                SimulatedServer next = format.server("next").start();
                TestGateway gateway = OneFormat.gateway(
                        folder,
                        soon(""),
                        format.endpoint(dying).replace("{url", "{priority: 200, url"),
                        format.endpoint(next));
                RawClient raw = gateway.raw()) {
            dying.fault(Fault.hang());
            raw.send("POST", client.path(), "", client.body(OneFormat.MODEL, true));
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200");
            dying.stop();
            String told = raw.readUntilClosed();

            String failure = client == ClientFormat.RESPONSES ? "event: error\n" : client.failure();
            assertThat(told).contains(failure).doesNotContain(client.end(), "next says");
            assertThat(next.requests(format.path())).isZero();
        }
    }

    @Test
    void aClientThatLeavesWhileItIsWaitedForFreesItsServer() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.awaitClose();
                    freed.countDown();
                });
                TestGateway gateway = backend.gateway(soon(""));
                RawClient client = gateway.raw()) {
            ClientFormat.MESSAGES.stream(client);
            client.readHead();
            readSigns(client, ClientFormat.MESSAGES, 2);
            client.reset();
            assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theReadTimeoutHoldsOnceTheStreamIsOpen() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.awaitClose();
                });
                TestGateway gateway = backend.gateway(soon(", read_timeout: 600ms, response_header_timeout: 1h"));
                RawClient client = gateway.raw()) {
            ClientFormat.MESSAGES.stream(client);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            assertThat(client.readUntilClosed())
                    .contains("event: ping\n", ClientFormat.MESSAGES.failure(), "timeout_error", "proxy.read_timeout")
                    .doesNotContain(ClientFormat.MESSAGES.end());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHAT")
    void beforeTheGraceIsOverAFailureKeepsItsStatus(ClientFormat format) {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.awaitClose();
                });
                TestGateway gateway =
                        backend.gateway("proxy: {cold_start_grace: 1h, response_header_timeout: 200ms}\n")) {
            HttpResponse<String> answer = gateway.post(format.path(), format.body("m", true));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(format.message(answer)).contains("proxy.response_header_timeout");
        }
    }

    @Test
    void withoutAGraceTheStatusIsHeldForTheServersFirstByte() {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.awaitClose();
                });
                TestGateway gateway =
                        backend.gateway("proxy: {cold_start_grace: 0s, response_header_timeout: 500ms}\n")) {
            HttpResponse<String> answer =
                    gateway.post(ClientFormat.MESSAGES.path(), ClientFormat.MESSAGES.body("m", true));
            assertThat(answer.statusCode()).isEqualTo(504);
        }
    }

    @Test
    void aWholeDocumentIsNeverOpenedEarly() {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.awaitClose();
                });
                TestGateway gateway = backend.gateway(soon(", response_header_timeout: 500ms"))) {
            assertThat(ClientFormat.MESSAGES.ask(gateway).statusCode()).isEqualTo(504);
        }
    }

    @Test
    void aServerThatIsAskedInThePlaceOfAnotherHasItsOwnGrace() throws IOException {
        CountDownLatch loaded = new CountDownLatch(1);
        try (SimulatedServer full = OneFormat.CHAT.server("full").start();
                WireBackend slow = WireBackend.start(OneFormat.MODEL, (connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    loaded.await();
                    connection.write(WireBackend.EVENTS);
                    connection.writeChunk(ANSWER);
                    connection.writeChunk("");
                });
                TestGateway gateway = OneFormat.gateway(
                        folder,
                        soon(""),
                        OneFormat.CHAT.endpoint(full).replace("{url", "{priority: 200, url"),
                        slow.endpoint());
                RawClient client = gateway.raw()) {
            full.fault(Fault.status(503));
            client.send("POST", ClientFormat.MESSAGES.path(), "", ClientFormat.MESSAGES.body(OneFormat.MODEL, true));
            assertThat(client.readHead()).startsWith("HTTP/1.1 200").contains("X-Olla-Endpoint: raw");
            readSigns(client, ClientFormat.MESSAGES, 2);
            loaded.countDown();
            assertThat(readRest(client)).contains("Hello", ClientFormat.MESSAGES.end());
        }
    }

    /// What a server that was asked before let wait for must not touch the answer of the one that is passed on.
    @Test
    void theGraceOfAServerThatWasPassedOverTouchesNoPassedOnStream() throws IOException {
        CountDownLatch waited = new CountDownLatch(1);
        String messages = "event: message_start\ndata: {\"type\":\"message_start\"}\n\n";
        try (SimulatedServer full = OneFormat.CHAT.server("full").start();
                WireBackend slow = WireBackend.start(OneFormat.MODEL, (connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(WireBackend.EVENTS);
                    connection.writeChunk(messages);
                    waited.await();
                    connection.writeChunk("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
                    connection.writeChunk("");
                });
                TestGateway gateway = OneFormat.gateway(
                        folder,
                        soon("") + "translators: {anthropic: {prefer_native: false}}\n",
                        OneFormat.CHAT
                                .endpoint(full)
                                .replace("{url", "{priority: 200, url")
                                .replace("check_interval: 1s", "check_interval: 1h"),
                        slow.endpoint().replace("openai-compatible", OneFormat.MESSAGES.type()));
                RawClient client = gateway.raw();
                RawClient clock = gateway.raw()) {
            full.fault(Fault.hang());
            clock.send("POST", ClientFormat.MESSAGES.path(), "", ClientFormat.MESSAGES.body(OneFormat.MODEL, true));
            assertThat(clock.readHead()).contains("X-Olla-Mode: translation");
            full.fault(Fault.status(503));
            client.send("POST", ClientFormat.MESSAGES.path(), "", ClientFormat.MESSAGES.body(OneFormat.MODEL, true));
            assertThat(client.readHead()).contains("X-Olla-Mode: passthrough");
            assertThat(client.readChunk()).isEqualTo(messages);
            readSigns(clock, ClientFormat.MESSAGES, 4); // so long that the grace is over
            waited.countDown();
            assertThat(readRest(client)).isEqualTo("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        }
    }
}
