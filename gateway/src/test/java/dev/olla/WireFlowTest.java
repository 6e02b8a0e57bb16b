package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/// The pace of the slower side is the pace of both, and what the gateway holds between them is bounded.
class WireFlowTest {

    private static final long SIZE = 200_000_000;
    private static final long BOUND = 32_000_000;
    private static final String PATH = "/olla/proxy/v1/chat/completions";

    @Test
    void aServerIsPausedWhileItsClientDoesNotRead() throws IOException {
        assertPausedAndResumed("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n", false);
    }

    @Test
    void aStreamIsPausedWhileItsClientDoesNotRead() throws IOException {
        assertPausedAndResumed(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n", true);
    }

    private static void assertPausedAndResumed(String head, boolean chunked) throws IOException {
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[100_000];
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write(head);
                    while (sent.get() < SIZE) {
                        if (chunked) {
                            connection.write("186A0\r\n");
                        }
                        connection.write(piece);
                        sent.addAndGet(piece.length);
                        if (chunked) {
                            connection.write("\r\n");
                        }
                    }
                    if (chunked) {
                        connection.write("0\r\n\r\n");
                    }
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            long before = usedMemory();
            client.send("GET", PATH, "", "");
            awaitStandstill("what the server has sent", sent::get);
            assertThat(sent.get()).isBetween(1L, SIZE / 2);
            assertThat(usedMemory() - before).isLessThan(BOUND);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
            assertThat(received(client, chunked)).isEqualTo(SIZE);
            client.send("GET", "/version", "", "");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    private static long received(RawClient client, boolean chunked) throws IOException {
        if (!chunked) {
            return skip(client, SIZE);
        }
        long received = 0;
        for (String chunk = client.readChunk(); chunk != null; chunk = client.readChunk()) {
            received += chunk.length();
        }
        return received;
    }

    private static long skip(RawClient client, long count) throws IOException {
        byte[] buffer = new byte[1_000_000];
        long done = 0;
        while (done < count) {
            int read = client.read(buffer, (int) Math.min(buffer.length, count - done));
            if (read < 0) {
                break;
            }
            done += read;
        }
        return done;
    }

    @Test
    void answersBehindOneThatIsNotReadAreHeldBackToo() throws IOException {
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[40_000];
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n");
                    connection.write(piece);
                    sent.addAndGet(piece.length);
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            long before = usedMemory();
            client.send(("GET " + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n").repeat(5000));
            awaitStandstill("what the server has sent", sent::get);
            assertThat(sent.get()).isLessThan(SIZE / 2);
            assertThat(usedMemory() - before).isLessThan(BOUND);
            for (int i = 0; i < 5000; i++) {
                RawResponse answer = client.readResponse();
                assertThat(answer.complete()).isTrue();
            }
        }
    }

    static void awaitStandstill(String description, LongSupplier progress) {
        long[] seen = {-1, 0};
        Eventually.await("standstill of " + description, () -> {
            long now = progress.getAsLong();
            seen[1] = now == seen[0] && now > 0 ? seen[1] + 1 : 0;
            seen[0] = now;
            return seen[1] >= 300;
        });
    }

    private static long usedMemory() {
        return ((AdaptiveByteBufAllocator) ByteBufAllocator.DEFAULT).usedDirectMemory();
    }
}
