package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the gateway makes of servers that break the rules, close early or are hard to reach.
class WireUpstreamTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not http at all\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
                "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay",
                "HTTP/1.1 204 No Content\r\n\r\nbody",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            })
    void aMalformedAnswerIs502AndNamesTheEndpoint(String bytes) throws IOException {
        try (WireBackend backend = WireBackend.answering(bytes);
                TestGateway gateway = backend.gateway("")) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = gateway.post(PATH, "{}");
                assertThat(answer.statusCode()).isEqualTo(502);
                assertThat(answer.body())
                        .contains("\"code\":\"bad_gateway\"")
                        .contains("endpoint raw")
                        .contains("malformed");
            }
            assertThat(backend.connectionsThatServed(2)).isEmpty();
        }
    }

    @Test
    void aHeadLargerThan64KiBIsRefused() {
        String large = "HTTP/1.1 200 OK\r\nX: " + "y".repeat(65 * 1024) + "\r\nContent-Length: 2\r\n\r\nok";
        String fits = "HTTP/1.1 200 OK\r\nX: " + "y".repeat(63 * 1024) + "\r\nContent-Length: 2\r\n\r\nok";
        try (WireBackend first = WireBackend.answering(large);
                WireBackend second = WireBackend.answering(fits);
                TestGateway refused = first.gateway("");
                TestGateway taken = second.gateway("")) {
            assertThat(refused.post(PATH, "{}").statusCode()).isEqualTo(502);
            HttpResponse<String> answer = taken.post(PATH, "{}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X").orElse("")).hasSize(63 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhelloXX",
                "5\r\nhello\r\nzz\r\n",
                "5\r\nhello\r\n5 \r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nno colon\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\nmore",
            })
    void aBadChunkAbortsTheAnswer(String chunks) throws IOException {
        try (WireBackend backend =
                        WireBackend.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.complete()).isFalse();
            assertThat(client.closed()).isTrue();
            try (RawClient second = gateway.raw()) {
                second.send("POST", PATH, "", "{}");
                assertThat(second.readResponse().complete()).isFalse();
            }
            assertThat(backend.connectionsThatServed(2)).isEmpty();
        }
    }

    @Test
    void interimAnswersArePassedOver() {
        try (WireBackend backend = WireBackend.answering(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + WireBackend.OK);
                TestGateway gateway = backend.gateway("")) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = gateway.post(PATH, "{}");
                assertThat(answer.body()).isEqualTo("ok");
                assertThat(answer.headers().firstValue("Link")).isEmpty();
            }
        }
    }

    @Test
    void extensionsAndTrailersOfChunksAreDropped() throws IOException {
        try (WireBackend backend =
                        WireBackend.answering("HTTP/1.1 200 OK\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "5;a=b\r\nhello\r\n0;c\r\nT: u\r\n\r\n");
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("POST", PATH, "", "{}");
                String head = client.readHead();
                assertThat(head).doesNotContain("Trailer");
                assertThat(client.readLine()).isEqualTo("5");
                assertThat(client.readLine()).isEqualTo("hello");
                assertThat(client.readLine()).isEqualTo("0");
                assertThat(client.readLine()).isEmpty();
            }
            assertThat(backend.connectionsThatServed(2)).hasSize(1);
        }
    }

    @Test
    void anAnswerMayEndWithItsConnection() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall");
                    connection.write(" of it");
                    connection.close();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST", PATH, "", "{}");
                RawResponse answer = client.readResponse();
                assertThat(answer.body()).isEqualTo("all of it");
                assertThat(answer.complete()).isTrue();
            }
        }
    }

    @Test
    void anAnswerThatEndsWithAResetIsNotComplete() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\npart");
                    seen.await();
                    connection.reset();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("part");
            seen.countDown();
            assertThat(client.readUntilClosed()).doesNotContain("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            })
    void aConnectionIsNotUsedAgainWhenItsServerWillCloseIt(String bytes) {
        try (WireBackend backend = WireBackend.answering(bytes);
                TestGateway gateway = backend.gateway("")) {
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.post(PATH, "{}").body()).isEqualTo("ok");
            }
            assertThat(backend.connectionsThatServed(2)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WireBackend.OK,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
            })
    void aConnectionIsUsedAgainWhenTheAnswerEndedWithoutDoubt(String bytes) throws IOException {
        try (WireBackend backend = WireBackend.answering(bytes);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 20; i++) {
                client.send("POST", PATH, "", "{}");
                assertThat(client.readResponse().body()).isEqualTo("ok");
            }
            assertThat(backend.connectionsThatServed(20)).hasSize(1);
        }
    }

    @Test
    void aConnectionIsNotUsedAgainAfterBytesThatBelongToNoAnswer() throws IOException {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(WireBackend.OK);
                    if (count.incrementAndGet() == 1) {
                        answered.await();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                        connection.awaitClose();
                        count.incrementAndGet();
                    }
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            assertThat(client.readResponse().body()).isEqualTo("ok");
            answered.countDown();
            Eventually.await("the gateway closes it", () -> count.get() == 2);
            client.send("POST", PATH, "", "{}");
            assertThat(client.readResponse().body()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerThatComesBeforeTheRequestIsSentWholeIsRelayedAndItsConnectionClosed() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                    answered.await();
                    connection.awaitClose();
                    closed.countDown();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            sendLarge(client);
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("big");
            answered.countDown();
            Eventually.await("the connection is closed", () -> closed.getCount() == 0);
        }
    }

    @Test
    void anAnswerIsReadAlthoughItsServerResetsTheRest() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                    connection.close();
                });
                TestGateway gateway = backend.gateway("")) {
            for (int i = 0; i < 10; i++) {
                try (RawClient client = gateway.raw()) {
                    sendLarge(client);
                    RawResponse answer = client.readResponse();
                    assertThat(answer.body()).isEqualTo("big");
                    assertThat(answer.status()).isEqualTo(413);
                }
            }
        }
    }

    private static void sendLarge(RawClient client) throws IOException {
        client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Length: 50000000\r\n\r\n");
        client.send(new byte[50_000_000]);
    }

    @Test
    void aConnectionThatItsServerClosedBetweenTwoRequestsIsReplaced() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(WireBackend.OK);
                    connection.close();
                    closed.incrementAndGet();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 1; i <= 50; i++) {
                client.send("POST", PATH, "", "{}");
                assertThat(client.readResponse().status()).isEqualTo(200);
                if (i % 2 == 0) {
                    int expected = i;
                    Eventually.await("it is closed", () -> closed.get() == expected);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseThatMeetsTheNextRequestIsNoFailure(boolean reset) throws IOException {
        Set<Object> used = ConcurrentHashMap.newKeySet();
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    if (!used.add(connection)) {
                        if (reset) {
                            connection.reset();
                        } else {
                            connection.close();
                        }
                        return;
                    }
                    connection.write(WireBackend.OK);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 20; i++) {
                client.send("POST", PATH, "", "{}");
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aTruncatedAnswerOfKnownLengthIsAborted() throws IOException {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.close();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            RawResponse answer = client.readResponse();
            assertThat(answer.complete()).isFalse();
            assertThat(answer.rawBody()).isEqualTo("half");
        }
    }

    @Test
    void aServerThatClosesWithoutAnAnswerIs502() {
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.close();
                });
                TestGateway gateway = backend.gateway("")) {
            HttpResponse<String> answer = gateway.post(PATH, "{}");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("connection closed after").contains("raw");
        }
    }

    @Test
    void addressesOfIpVersion6AreReached() throws IOException {
        try (SimulatedServer server =
                        SimulatedServer.openai("six").host("::1").model("m").start();
                TestGateway gateway = TestGateway.of("discovery:\n  static:\n    endpoints:\n"
                        + TestGateway.endpoint("six", "http://[::1]:" + server.port(), "openai-compatible"))) {
            assertThat(gateway.post(PATH, "{\"model\":\"m\",\"messages\":[]}").statusCode())
                    .isEqualTo(200);
            assertThat(server.recorded().getLast().header("Host")).isEqualTo("[::1]:" + server.port());
        }
    }

    @Test
    void everyAddressOfANameIsTried() throws IOException {
        InetAddress last = List.of(InetAddress.getAllByName("localhost")).getLast();
        try (SimulatedServer server = SimulatedServer.openai("last")
                        .host(last.getHostAddress())
                        .model("m")
                        .start();
                TestGateway gateway = TestGateway.of("discovery:\n  static:\n    endpoints:\n"
                        + TestGateway.endpoint("last", "http://localhost:" + server.port(), "openai-compatible"))) {
            assertThat(gateway.post(PATH, "{\"model\":\"m\",\"messages\":[]}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aNameWithAnUnderscoreIsAHost() {
        try (WireBackend probed = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = TestGateway.of(probed.vouchingFor("http://ollama_gpu1.invalid:11434"))) {
            HttpResponse<String> answer = gateway.post(PATH, "{}");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("unknown host of endpoint other").doesNotContain("ollama_gpu1");
        }
    }

    @Test
    void aConnectionThatIsNotAcceptedInTimeIs504() throws IOException {
        List<Socket> filling = new ArrayList<>();
        try (WireBackend probed = WireBackend.answering(WireBackend.OK);
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, filling);
            String url = "http://127.0.0.1:" + full.getLocalPort();
            try (TestGateway gateway =
                    TestGateway.of("proxy: {connection_timeout: 300ms}\n" + probed.vouchingFor(url))) {
                HttpResponse<String> answer = gateway.post(PATH, "{}");
                assertThat(answer.statusCode()).isEqualTo(504);
                assertThat(answer.body()).contains("proxy.connection_timeout");
            }
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    /// Connects until the operating system answers no further attempt.
    private static void fill(ServerSocket full, List<Socket> filling) throws IOException {
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
            } catch (java.net.SocketTimeoutException _) {
                return;
            }
        }
    }
}
