package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.telemetry.EndpointStatistics;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.WebSocketEcho;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A client and a server go over to another protocol through a gateway.
final class UpgradeTest {

    private static final String ASKS = "Connection: keep-alive, Upgrade\r\nUpgrade: chat/1\r\n";
    private static final String SWITCHES =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat/1\r\n\r\n";

    private static final byte[] BLOCK = new byte[64 * 1024];
    private static final int BLOCKS = 500;

    @Test
    void aWebSocketClientTalksWithItsServer() throws Exception {
        try (WireBackend server = WireBackend.start(WebSocketEcho::serve);
                TestGateway gateway = server.gateway("");
                HttpClient client = HttpClient.newHttpClient()) {
            Heard heard = new Heard();
            URI uri = URI.create("ws://127.0.0.1:" + gateway.port() + "/olla/proxy/v1/realtime?voice=a");
            WebSocket socket =
                    client.newWebSocketBuilder().buildAsync(uri, heard).get(10, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            assertThat(heard.texts.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
            assertThat(endpoint(gateway).get("active_connections").asInt()).isOne();
            String large = "x".repeat(300_000);
            socket.sendText(large, true).get(10, TimeUnit.SECONDS);
            assertThat(heard.texts.poll(10, TimeUnit.SECONDS)).isEqualTo(large);
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(10, TimeUnit.SECONDS);
            assertThat(heard.closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
            assertThat(server.requests().getFirst())
                    .startsWith("GET /v1/realtime?voice=a HTTP/1.1\r\n")
                    .containsOnlyOnce("Upgrade: websocket\r\n")
                    .containsOnlyOnce("Connection: Upgrade\r\n");
            awaitCounted(gateway, 1, 0, 0);
        }
    }

    @Test
    void theAnswerNamesTheEndpointAndTheProtocol() throws Exception {
        try (WireBackend server = WireBackend.start(UpgradeTest::echo);
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 101 ")
                    .containsOnlyOnce("Upgrade: chat/1\r\n")
                    .containsOnlyOnce("Connection: Upgrade\r\n")
                    .contains("X-Olla-Endpoint: raw\r\n")
                    .doesNotContain("Content-Length")
                    .doesNotContain("Transfer-Encoding");
        }
    }

    @Test
    void whatTheClientSendsBeforeTheAnswerIsNotLost() throws Exception {
        try (WireBackend server = WireBackend.start(UpgradeTest::echo);
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET /olla/proxy/chat HTTP/1.1\r\nHost: a\r\n" + ASKS + "\r\nearly");
            client.readHead();
            assertThat(read(client, 5)).isEqualTo("early");
        }
    }

    @Test
    void aServerThatClosesHasItsLastBytesDelivered() throws Exception {
        try (WireBackend server = WireBackend.start((connection, _) -> {
                    connection.write(SWITCHES + "last words");
                    connection.close();
                });
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            client.readHead();
            assertThat(client.readUntilClosed()).isEqualTo("last words");
            awaitCounted(gateway, 1, 0, 0);
        }
    }

    @Test
    void aServerThatResetsIsAFailure() throws Exception {
        try (WireBackend server = WireBackend.start((connection, _) -> {
                    connection.write(SWITCHES);
                    connection.read(1);
                    connection.reset();
                });
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            client.readHead();
            client.send("x");
            assertThat(client.closed()).isTrue();
            awaitCounted(gateway, 0, 1, 0);
        }
    }

    @Test
    void aClientThatLeavesClosesTheServersSide() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        try (WireBackend server = WireBackend.start((connection, _) -> {
                    connection.write(SWITCHES);
                    connection.awaitClose();
                    closed.complete(true);
                });
                TestGateway gateway = server.gateway("")) {
            try (RawClient client = gateway.raw()) {
                client.send("GET", "/olla/proxy/chat", ASKS, "");
                client.readHead();
            }
            assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
            awaitCounted(gateway, 0, 0, 1);
        }
    }

    @Test
    void silenceEndsItAfterTheReadTimeout() throws Exception {
        try (WireBackend server = WireBackend.start((connection, _) -> {
                    connection.write(SWITCHES);
                    connection.awaitClose();
                });
                TestGateway gateway = server.gateway("proxy: {read_timeout: 500ms}\n");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            client.readHead();
            assertThat(client.closed()).isTrue();
            awaitCounted(gateway, 0, 1, 0);
        }
    }

    @Test
    void aServerThatDoesntReadStopsTheClient() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        try (WireBackend server = WireBackend.start((connection, _) -> {
                    connection.write(SWITCHES);
                    reads.await();
                    connection.read(BLOCKS * BLOCK.length);
                    connection.write("all");
                });
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            client.readHead();
            AtomicInteger sent = new AtomicInteger();
            Thread sender = Thread.ofVirtual().start(() -> send(client::send, sent));
            awaitStop(sent);
            reads.countDown();
            assertThat(read(client, 3)).isEqualTo("all");
            sender.join();
        }
    }

    @Test
    void aClientThatDoesntReadStopsTheServer() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (WireBackend server = WireBackend.start((connection, _) -> {
                    connection.write(SWITCHES);
                    send(connection::write, sent);
                    connection.close();
                });
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            client.readHead();
            awaitStop(sent);
            assertThat(client.readUntilClosed()).hasSize(BLOCKS * BLOCK.length);
        }
    }

    /// So much is more than all buffers between hold, so it stands still only when somebody is stopped.
    private static void awaitStop(AtomicInteger sent) {
        int[] last = {0, 0};
        Eventually.await("the sender is stopped", () -> {
            int now = sent.get();
            last[1] = now == last[0] && now > 0 ? last[1] + 1 : 0;
            last[0] = now;
            return last[1] > 30;
        });
        assertThat(sent.get()).isLessThan(BLOCKS);
    }

    /// Sends bytes, on a client or a server.
    @FunctionalInterface
    private interface Sends {
        void send(byte[] bytes) throws IOException;
    }

    private static void send(Sends to, AtomicInteger sent) {
        try {
            for (int i = 0; i < BLOCKS; i++) {
                to.send(BLOCK);
                sent.incrementAndGet();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRefusalPassesAsAnyAnswer() throws Exception {
        try (WireBackend server =
                        WireBackend.answering("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno");
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET", "/olla/proxy/chat", ASKS, "");
                RawResponse refused = client.readResponse();
                assertThat(refused.status()).isEqualTo(426);
                assertThat(refused.body()).isEqualTo("no");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: Upgrade\r\nUpgrade: other\r\n"})
    void aServerThatGoesOverUnaskedGaveABadAnswer(String asks) throws Exception {
        try (WireBackend server = WireBackend.answering(SWITCHES);
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", asks, "");
            assertThat(client.readResponse().status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
                "Upgrade: chat/1\r\n"
            })
    void aServerIsNotAskedForHttp2NorByAFieldThatConcernsAnotherConnection(String asks) throws Exception {
        try (WireBackend server = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = server.gateway("");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", asks, "");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(server.requests().getFirst()).doesNotContain("Upgrade", "HTTP2-Settings");
        }
    }

    @Test
    void theEndOfTheGatewayCutsIt() throws Exception {
        try (WireBackend server = WireBackend.start(UpgradeTest::echo);
                TestGateway gateway = server.gateway("server: {shutdown_timeout: 300ms}\n");
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/chat", ASKS, "");
            client.readHead();
            assertThat(gateway.gateway().stop()).isFalse();
            assertThat(client.closed()).isTrue();
            EndpointStatistics counted = statistics(gateway);
            Eventually.await("it is counted", () -> counted.cuts() == 1);
            assertThat(counted.failures() + counted.clientsLeft() + counted.successes())
                    .isZero();
        }
    }

    private static void echo(RawConnection connection, String head) throws IOException {
        connection.write(SWITCHES);
        connection.input().transferTo(connection.output());
    }

    private static String read(RawClient client, int count) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[count];
        while (text.length() < count) {
            int read = client.read(buffer, count - text.length());
            assertThat(read).isPositive();
            text.append(new String(buffer, 0, read, java.nio.charset.StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    private static JsonNode endpoint(TestGateway gateway) {
        return gateway.json("/internal/status/endpoints").get("endpoints").get(0);
    }

    private static EndpointStatistics statistics(TestGateway gateway) {
        return gateway.gateway()
                .fleet()
                .snapshot()
                .endpoints()
                .getFirst()
                .endpoint()
                .statistics();
    }

    private static void awaitCounted(TestGateway gateway, int successes, int failures, int left) {
        EndpointStatistics statistics = statistics(gateway);
        Eventually.await(
                "the request is counted",
                () -> statistics.successes() + statistics.failures() + statistics.clientsLeft() > 0);
        assertThat(statistics.requests()).isOne();
        assertThat(statistics.successes()).isEqualTo(successes);
        assertThat(statistics.failures()).isEqualTo(failures);
        assertThat(statistics.clientsLeft()).isEqualTo(left);
        Eventually.await(
                "nothing is in flight",
                () -> endpoint(gateway).get("active_connections").asInt() == 0);
    }

    /// What a client of a WebSocket is told.
    private static final class Heard implements WebSocket.Listener {

        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return CompletableFuture.completedStage(null);
        }
    }
}
