package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Blobs on their way through the gateway to one Ollama or several.
class OllamaBlobsTest {

    private static final String ALLOWED = "ollama: {management: true}\n";
    private static final byte[] PIECE = new byte[100_000];
    private static final int PIECES = 1000;
    private static final long ALL = (long) PIECES * PIECE.length;

    /// Healthy, with an empty list: requests wait for the first list at a start.
    private static final String NOTHING_LISTED = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"models\":[]}";

    /// What two sockets on the way, and the gateway between them, may hold.
    private static final long ON_THE_WAY = 60_000_000;

    private final SimulatedServer a = SimulatedServer.ollama("a").start();
    private final SimulatedServer b = SimulatedServer.ollama("b").start();

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private TestGateway gateway(String... more) {
        String limited = ALLOWED + "server: {request_limits: {max_body_size: 1MB}}\n";
        return TestGateway.of(limited + TestGateway.endpoints(a, b) + String.join("", more));
    }

    private static String digest(int pieces) throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < pieces; i++) {
            hash.update(PIECE);
        }
        return "sha256:" + HexFormat.of().formatHex(hash.digest());
    }

    private static void begin(RawClient client, String digest, String headers) throws IOException {
        client.send("POST /olla/ollama/api/blobs/" + digest + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    }

    private static String sized(long length) {
        return "Content-Length: " + length + "\r\n";
    }

    private static String head(TestGateway gateway, String digest, String target) throws IOException {
        try (RawClient client = gateway.raw()) {
            client.send("HEAD", "/olla/ollama/api/blobs/" + digest, target, "");
            return client.readResponseToHead().head().split("\r\n", 2)[0];
        }
    }

    @Test
    void aBlobBeyondEveryLimitOfSizeReachesAllServers() throws Exception {
        String digest = digest(PIECES);
        try (TestGateway gateway = gateway();
                RawClient client = gateway.raw()) {
            assertThat(head(gateway, digest, "")).contains("404");
            begin(client, digest, sized(ALL));
            for (int i = 0; i < PIECES; i++) {
                client.send(PIECE);
            }
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("{\"status\":\"done\",\"results\":{\"a\":{\"status\":201},\"b\":{\"status\":201}}}");
            assertThat(head(gateway, digest, "")).contains("200");
            // The connection is as good as new.
            client.send("GET", "/version", "", "");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(List.of(a.hasBlob(digest), b.hasBlob(digest))).containsOnly(true);
    }

    @Test
    void aChunkedBlobOfWhichTheClientAsksFirstReachesTheOneServer() throws Exception {
        String digest = digest(30);
        try (TestGateway gateway = gateway();
                RawClient client = gateway.raw()) {
            begin(client, digest, "X-Olla-Target: b\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            for (int i = 0; i < 30; i++) {
                client.send(Integer.toHexString(PIECE.length) + "\r\n");
                client.send(PIECE);
                client.send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(201);
            assertThat(head(gateway, digest, "X-Olla-Target: b\r\n")).contains("200");
            assertThat(head(gateway, digest, "")).contains("404");
        }
        assertThat(a.blobBytes()).isZero();
        assertThat(b.hasBlob(digest)).isTrue();
    }

    @Test
    void anEmptyBlobIsABlob() throws Exception {
        String digest = digest(0);
        try (TestGateway gateway = gateway();
                RawClient client = gateway.raw()) {
            begin(client, digest, sized(0));
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(List.of(a.hasBlob(digest), b.hasBlob(digest))).containsOnly(true);
    }

    @Test
    void theSlowestServerSetsThePaceAndNothingPilesUp() throws Exception {
        String digest = digest(PIECES);
        AtomicLong sent = new AtomicLong();
        AtomicLong read = new AtomicLong();
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawServer slow = RawServer.start(connection -> {
                    if (connection.readHead().startsWith("POST")) {
                        goOn.await();
                        drain(connection.input(), read);
                    }
                    connection.write(NOTHING_LISTED);
                });
                TestGateway gateway =
                        gateway(TestGateway.endpoint("slow", slow.uri().toString(), "ollama"));
                RawClient client = gateway.raw()) {
            begin(client, digest, "X-Olla-Target: a, slow\r\n" + sized(ALL));
            Thread sender = Thread.startVirtualThread(() -> sendAll(client, sent));
            Eventually.await("the blob is under way", () -> a.blobBytes() > 0);
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(ON_THE_WAY);
            assertThat(a.blobBytes()).isPositive().isLessThan(ON_THE_WAY);
            goOn.countDown();
            sender.join();
            assertThat(client.readResponse().body())
                    .isEqualTo("{\"status\":\"done\",\"results\":{\"a\":{\"status\":201},\"slow\":{\"status\":200}}}");
            assertThat(read).hasValue(ALL);
        }
    }

    private static void drain(InputStream in, AtomicLong read) throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (read.get() < ALL) {
            int count = in.read(buffer);
            if (count < 0) {
                return;
            }
            read.addAndGet(count);
        }
    }

    private static void sendAll(RawClient client, AtomicLong sent) {
        try {
            for (int i = 0; i < PIECES; i++) {
                client.send(PIECE);
                sent.addAndGet(PIECE.length);
            }
        } catch (SocketException _) {
            // refused: the answer tells why
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitStandstill(AtomicLong count) {
        long[] seen = new long[2];
        Eventually.await("standstill", () -> {
            seen[1] = count.get() == seen[0] && seen[0] > 0 ? seen[1] + 1 : 0;
            seen[0] = count.get();
            return seen[1] >= 500;
        });
    }

    @Test
    void aServerThatRefusesEarlyIsHeardAtOnceAndTheOthersGoOn() throws Exception {
        String digest = digest(PIECES);
        String refusal = "HTTP/1.1 507 Full\r\nContent-Length: 16\r\n\r\n{\"error\":\"full\"}";
        try (RawServer full = RawServer.start(connection -> {
                    boolean post = connection.readHead().startsWith("POST");
                    connection.write(post ? refusal : NOTHING_LISTED);
                    connection.awaitClose();
                });
                TestGateway gateway =
                        gateway(TestGateway.endpoint("full", full.uri().toString(), "ollama"))) {
            try (RawClient client = gateway.raw()) {
                begin(client, digest, "X-Olla-Target: full\r\n" + sized(ALL));
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(507);
                assertThat(answer.body()).isEqualTo("{\"error\":\"full\"}");
            }
            try (RawClient client = gateway.raw()) {
                begin(client, digest, "X-Olla-Target: full, a\r\n" + sized(ALL));
                sendAll(client, new AtomicLong());
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(207);
                assertThat(answer.body())
                        .contains("\"full\":{\"status\":507,\"error\":\"full\"}", "\"a\":{\"status\":201}");
            }
        }
    }

    @Test
    void aBlobThatBreaksOffNeverLooksWhole() throws Exception {
        for (String framing : List.of(sized(ALL), "Transfer-Encoding: chunked\r\n")) {
            for (String target : List.of("X-Olla-Target: a\r\n", "X-Olla-Target: a, b\r\n")) {
                long before = a.blobBytes();
                long broken = a.brokenBlobs();
                try (TestGateway gateway = gateway();
                        RawClient client = gateway.raw()) {
                    begin(client, digest(1), target + framing);
                    client.send(framing.contains("chunked") ? Integer.toHexString(PIECE.length) + "\r\n" : "");
                    client.send(PIECE);
                    Eventually.await("the piece is there", () -> a.blobBytes() - before >= PIECE.length);
                    client.reset();
                    Eventually.await("the server sees it", () -> a.brokenBlobs() > broken);
                }
                assertThat(a.hasBlob(digest(1))).isFalse();
                assertThat(b.hasBlob(digest(1))).isFalse();
            }
        }
    }

    @Test
    void aMalformedChunkIsRefusedAndCancelsTheCalls() throws Exception {
        try (TestGateway gateway = gateway();
                RawClient client = gateway.raw()) {
            begin(client, digest(1), "Transfer-Encoding: chunked\r\n");
            client.send(Integer.toHexString(PIECE.length) + "\r\n");
            client.send(PIECE);
            Eventually.await("the piece is there", () -> a.blobBytes() >= PIECE.length);
            client.send("\r\nnonsense\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
        assertThat(List.of(a.hasBlob(digest(1)), b.hasBlob(digest(1)))).containsOnly(false);
    }

    @Test
    void aClientThatFallsSilentIsToldTheSetting() throws Exception {
        try (TestGateway gateway = gateway()) {
            gateway.reload(
                    ALLOWED + "server: {idle_timeout: 300ms, read_timeout: 100ms}\n" + TestGateway.endpoints(a, b));
            try (RawClient client = gateway.raw()) {
                begin(client, digest(2), sized(2L * PIECE.length));
                client.send(PIECE);
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(408);
                assertThat(answer.body()).contains("server.idle_timeout");
            }
        }
        assertThat(a.hasBlob(digest(2))).isFalse();
    }

    @Test
    void aServerThatIsDownFailsForItselfOnly() throws Exception {
        String digest = digest(50);
        try (TestGateway gateway = gateway();
                RawClient client = gateway.raw()) {
            b.stop();
            begin(client, digest, "X-Olla-Target: a, b\r\n" + sized(50L * PIECE.length));
            for (int i = 0; i < 50; i++) {
                client.send(PIECE);
            }
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(207);
            assertThat(answer.body()).contains("\"a\":{\"status\":201}", "\"b\":{\"status\":502");
        }
        assertThat(a.hasBlob(digest)).isTrue();
        assertThat(b.hasBlob(digest)).isFalse();
    }
}
