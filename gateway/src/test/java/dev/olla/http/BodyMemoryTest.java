package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.olla.Eventually;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyMemoryTest {

    private static final long MEGABYTE = 1024 * 1024;

    @TempDir
    Path folder;

    private final EventLoops loops = new EventLoops(1);

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void theLastQuarterIsForSmallBodies() {
        BodyMemory memory = memory(8 * MEGABYTE);
        assertThat(memory.take(6 * MEGABYTE, 0)).isTrue();
        assertThat(memory.take(MEGABYTE, MEGABYTE)).isFalse();
        assertThat(memory.take(MEGABYTE, 0)).isTrue();
        assertThat(memory.take(MEGABYTE, 0)).isTrue();
        assertThat(memory.take(1, 0)).isFalse();
        assertThat(memory.used()).isEqualTo(8 * MEGABYTE);
        memory.free(2 * MEGABYTE);
        assertThat(memory.take(1, 0)).isTrue();
    }

    @Test
    void aBodyInAFileHasTheSameBytesHoweverItIsRead() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        BodyMemory memory = memory(100_000);
        Body body = FiledBody.filled(loops.next(), memory, bytes);
        assertThat(body.isInMemory()).isFalse();
        assertThat(body.length()).isEqualTo(bytes.length);
        assertThat(body.bytes()).isEqualTo(bytes);
        try (InputStream in = body.open()) {
            assertThat(in.read()).isEqualTo(bytes[0] & 0xFF);
            assertThat(in.readAllBytes()).hasSize(bytes.length - 1);
        }
        assertThatThrownBy(body::views).isInstanceOf(IllegalStateException.class);
        body.release();
        assertThat(memory.used()).isZero();
    }

    @Test
    void aBodyInAFileCanBeSplicedAndOutlivedByItsCopy() throws Exception {
        byte[] bytes = new byte[200_000];
        new Random(6).nextBytes(bytes);
        Body body = FiledBody.filled(loops.next(), memory(70_000), bytes);
        for (int[] range :
                new int[][] {{0, 10}, {60_000, 80_000}, {100_000, 100_001}, {0, 200_000}, {200_000, 200_000}}) {
            Body spliced = body.splice(range[0], range[1], Pieces.bytes("NEW"));
            byte[] expected = new byte[bytes.length - (range[1] - range[0]) + 3];
            System.arraycopy(bytes, 0, expected, 0, range[0]);
            System.arraycopy(Pieces.bytes("NEW"), 0, expected, range[0], 3);
            System.arraycopy(bytes, range[1], expected, range[0] + 3, bytes.length - range[1]);
            assertThat(spliced.length()).isEqualTo(expected.length);
            assertThat(spliced.bytes()).isEqualTo(expected);
            spliced.release();
        }
        Body spliced = body.splice(0, 1, new byte[0]);
        body.release();
        assertThat(spliced.bytes()).hasSize(bytes.length - 1);
        spliced.release();
    }

    @Test
    void noFileIsLeftBehindNotEvenByAProcessThatDies() throws Exception {
        Body body = FiledBody.filled(loops.next(), memory(0), new byte[100_000]);
        try (Stream<Path> files = Files.list(folder)) {
            // Where the operating system lets go of the name at once; elsewhere it deletes the file on close.
            assertThat(files.count()).isLessThanOrEqualTo(isWindows() ? 1 : 0);
        }
        body.release();
    }

    @Test
    void whatFitsChangesWithTheSettings() throws IOException {
        BodyMemory memory = memory(0);
        try (Server server = start(memory);
                RawClient client = RawClient.connect(server.port())) {
            assertThat(answer(client)).isEqualTo("5 filed");
            server.use(ServerSettings.DEFAULTS);
            assertThat(answer(client)).isEqualTo("5 held");
        }
    }

    private static String answer(RawClient client) throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        return client.readResponse().body();
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    @Test
    void requestsThatDoNotFitGoThroughAFile() throws IOException {
        BodyMemory memory = memory(1000);
        try (Server server = start(memory);
                RawClient client = RawClient.connect(server.port())) {
            for (int size : new int[] {10, 900, 1000, 1001, 70_000, 3_000_000}) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
                client.send(new byte[size]);
                assertThat(client.readResponse().body()).isEqualTo(size + (size > 1000 ? " filed" : " held"));
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(size) + "\r\n");
                client.send(new byte[size]);
                client.send("\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo(size + (size > 1000 ? " filed" : " held"));
                assertThat(client.readResponse().body()).isEqualTo("0 held");
            }
        }
        assertThat(memory.used()).isZero();
    }

    @Test
    void aConnectionIsReadOnAfterABodyThatCameInOnePiece() throws IOException {
        try (Server server = start(memory(0));
                RawClient client = RawClient.connect(server.port())) {
            for (int i = 0; i < 50; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("5 filed");
            }
        }
    }

    @Test
    void withoutAWritableFolderThereIsNoRoom() throws IOException {
        BodyMemory memory = new BodyMemory(1000, new BodyFolder(folder.resolve("missing")));
        try (Server server = start(memory);
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
            client.send(new byte[5_000_000]);
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("5");
            assertThat(client.closed()).isTrue();
        }
        assertThat(memory.used()).isZero();
    }

    @Test
    void aClientThatLeavesFreesWhatWasTaken() throws IOException {
        BodyMemory memory = memory(1_000_000);
        try (Server server = start(memory)) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
                    client.send(new byte[4_000_000]);
                }
            }
            Eventually.await("all have left", () -> server.connections() == 0);
            assertThat(memory.used()).isZero();
        }
    }

    private BodyMemory memory(long bytes) {
        return new BodyMemory(bytes, new BodyFolder(folder));
    }

    /// A server that tells the size of a body and where it was.
    private Server start(BodyMemory memory) throws IOException {
        return Server.start(ServerSettings.DEFAULTS.listeningOn("127.0.0.1", 0), loops, memory, new RequestHandler() {
            @Override
            public @Nullable Runnable arrived(Exchange exchange) {
                return null;
            }

            @Override
            public void handle(Exchange exchange) {
                String text = exchange.body().length() + (exchange.body().isInMemory() ? " held" : " filed");
                exchange.respond(200, new Headers(), Pieces.bytes(text));
            }

            @Override
            public void refuse(Exchange exchange, RequestProblem problem) {
                exchange.respond(problem.kind().status(), new Headers(), new byte[0]);
            }

            @Override
            public void unexpected(Throwable cause) {
                // looked at by its effect
            }
        });
    }
}
