package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Large bodies through the program as it is shipped: with little memory.
class WireBodyMemoryTest {

    private static final int UPLOADS = 20;
    private static final int PIECES = 60;
    private static final byte[] PIECE = piece();
    private static final String START = "{\"model\":\"M\",\"prompt\":\"";
    private static final String END = "\"}";

    @TempDir
    Path folder;

    @Test
    void twentyUploadsOfSixtyMegabytesFitIntoASmallProcess() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        try (WireBackend closing = WireBackend.start((connection, _) -> {
                    connection.read(100_000);
                    closed.incrementAndGet();
                    connection.close();
                });
                WireBackend checking = WireBackend.start((connection, head) -> {
                    String sum = sum(connection, WireBackend.bodyLength(head));
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + sum.length() + "\r\n\r\n" + sum);
                })) {
            int port = FaultListener.closedPort();
            Process process = launch(port, closing, checking);
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                awaitModels(port, process);
                List<Callable<String>> uploads = new ArrayList<>();
                for (int i = 0; i < UPLOADS; i++) {
                    uploads.add(() -> upload(port));
                }
                for (Future<String> answer : clients.invokeAll(uploads)) {
                    assertThat(answer.get()).isEqualTo("200 " + expectedSum());
                }
                assertThat(process.isAlive()).isTrue();
                assertThat(closed).hasPositiveValue();
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("olla-body")))
                    .isEmpty();
        }
    }

    private Process launch(int port, WireBackend... backends) throws IOException {
        StringBuilder yaml = new StringBuilder(
                "server: {host: 127.0.0.1, port: " + port
                        + ", read_timeout: 10m}\nproxy: {response_timeout: 10m, body_memory: 40MB}\ndiscovery:\n  static:\n    endpoints:\n");
        for (int i = 0; i < backends.length; i++) {
            yaml.append(
                    TestGateway.endpoint("raw-" + i, "http://127.0.0.1:" + backends[i].port(), "openai-compatible"));
        }
        Path config = Files.writeString(folder.resolve("olla.yaml"), yaml);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.olla.Main",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private void awaitModels(int port, Process process) {
        Eventually.await("the program knows the models", () -> {
            assertThat(process.isAlive()).as(this::log).isTrue();
            try (RawClient client = RawClient.connect(port)) {
                client.send("GET", "/olla/proxy/v1/models", "", "");
                return client.readResponse().body().contains("\"m\"");
            } catch (IOException _) {
                return false;
            }
        });
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String upload(int port) throws IOException {
        try (RawClient client = RawClient.connect(port, Duration.ofMinutes(5))) {
            long length = START.length() + (long) PIECES * PIECE.length + END.length();
            client.send("POST /olla/proxy/v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: " + length
                    + "\r\n\r\n" + START);
            for (int i = 0; i < PIECES; i++) {
                client.send(PIECE);
            }
            client.send(END);
            var answer = client.readResponse();
            return answer.status() + " " + answer.body();
        }
    }

    private static String sum(RawConnection connection, int length) throws IOException {
        CRC32 sum = new CRC32();
        InputStream in = connection.input();
        byte[] buffer = new byte[64 * 1024];
        int left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, Math.min(buffer.length, left));
            if (count < 0) {
                return "cut short";
            }
            sum.update(buffer, 0, count);
            left -= count;
        }
        return Long.toHexString(sum.getValue());
    }

    /// Of the body with the name that the server knows the model by.
    private static String expectedSum() {
        CRC32 sum = new CRC32();
        sum.update(START.replace("\"M\"", "\"m\"").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < PIECES; i++) {
            sum.update(PIECE);
        }
        sum.update(END.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(sum.getValue());
    }

    private static byte[] piece() {
        byte[] piece = new byte[1_000_000];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = (byte) ('a' + i % 25);
        }
        return piece;
    }
}
