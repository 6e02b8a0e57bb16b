package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.Eventually;
import dev.olla.testbed.Http2Server;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.TestCertificates;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamClientTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final EventLoops loops = new EventLoops(1);
    private final Loop loop = loops.next();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void theNextAddressIsTriedWhenOneRefuses() throws Exception {
        try (RawServer server = answering()) {
            InetAddress[] both = {address(127, 0, 0, 9), address(127, 0, 0, 1)};
            assertThat(send(_ -> both, server.port(), Duration.ofSeconds(10)).outcome())
                    .isEqualTo("200 ok");
        }
    }

    @Test
    void theNextAddressIsTriedWhenOneDoesNotAnswer() throws Exception {
        List<Socket> filling = new ArrayList<>();
        try (RawServer server = answering();
                ServerSocket full = new ServerSocket()) {
            full.bind(new InetSocketAddress(address(127, 0, 0, 9), server.port()), 1);
            fill(full, filling);
            InetAddress[] both = {address(127, 0, 0, 9), address(127, 0, 0, 1)};
            assertThat(send(_ -> both, server.port(), Duration.ofSeconds(5)).outcome())
                    .isEqualTo("200 ok");
        } finally {
            close(filling);
        }
    }

    @Test
    void connectingHasALimitOverAllAddresses() throws Exception {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, address(127, 0, 0, 1))) {
            fill(full, filling);
            InetAddress[] thrice = {address(127, 0, 0, 1), address(127, 0, 0, 1), address(127, 0, 0, 1)};
            long start = System.nanoTime();
            assertThat(send(_ -> thrice, full.getLocalPort(), Duration.ofMillis(300))
                            .outcome())
                    .startsWith("CONNECT_TIMEOUT connecting to http://some.example");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        } finally {
            close(filling);
        }
    }

    @Test
    void aLookUpThatHangsIsCutByTheLimitForConnecting() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Answer answer = send(
                _ -> {
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    throw new UnknownHostException();
                },
                1,
                Duration.ofMillis(200));
        assertThat(answer.outcome()).startsWith("CONNECT_TIMEOUT");
        never.countDown();
    }

    @Test
    void anUnknownHostIsNamed() throws Exception {
        Answer answer = send(
                name -> {
                    throw new UnknownHostException(name);
                },
                1,
                Duration.ofSeconds(5));
        assertThat(answer.outcome()).isEqualTo("UNKNOWN_HOST unknown host some.example");
    }

    @Test
    void aBodyInAFileIsSentWholeAsAStreamToo() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(9).nextBytes(bytes);
        AtomicReference<byte[]> received = new AtomicReference<>();
        Body body = FiledBody.filled(loop, new BodyMemory(100_000, new BodyFolder(folder)), bytes);
        Answer answer = new Answer();
        try (Http2Server server = Http2Server.start(TestCertificates.create(), 10, stream -> {
            received.set(stream.body());
            stream.answer(200, "text/plain", "ok");
        })) {
            Origin origin = Origin.of(server.uri()).with(new TlsSettings(List.of(), null, true, true));
            UpstreamRequest plain = request("localhost", server.port(), TEN_SECONDS, body);
            UpstreamRequest request = new UpstreamRequest(
                    origin, plain.method(), plain.target(), plain.headers(), body, plain.timeouts());
            loop.execute(() -> client(InetAddress::getAllByName).send(loop, request, answer));
            Eventually.await("an outcome", answer::over);
        }
        body.release();
        assertThat(answer.outcome()).isEqualTo("200 ok");
        assertThat(received.get()).isEqualTo(bytes);
    }

    @Test
    void aBodyInAFileIsSentWhole() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(9).nextBytes(bytes);
        AtomicReference<byte[]> received = new AtomicReference<>();
        try (RawServer server = RawServer.start(connection -> {
            received.set(connection.readRequest().body());
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            assertThat(post(server.port(), bytes).outcome()).isEqualTo("200 ok");
            assertThat(received.get()).isEqualTo(bytes);
        }
    }

    @Test
    void aServerThatLeavesWithinABodyFromAFileIsLost() throws Exception {
        try (RawServer server = RawServer.start(connection -> connection.read(500_000))) {
            assertThat(post(server.port(), new byte[30_000_000]).outcome()).matches("(RESET|CLOSED) .*");
        }
    }

    @Test
    void anAnswerToHalfABodyFromAFileIsTaken() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.read(500_000);
            connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
            over.await();
        })) {
            assertThat(post(server.port(), new byte[30_000_000]).outcome()).isEqualTo("413 big");
            over.countDown();
        }
    }

    @Test
    void aCallCancelledWithinABodyFromAFileClosesItsConnection() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.read(500_000);
            reading.countDown();
            connection.awaitClose();
            closed.countDown();
        })) {
            Body body = FiledBody.filled(loop, new BodyMemory(0, new BodyFolder(folder)), new byte[30_000_000]);
            Answer answer = new Answer();
            AtomicReference<UpstreamCall> call = new AtomicReference<>();
            loop.execute(() -> call.set(client(InetAddress::getAllByName)
                    .send(loop, request("127.0.0.1", server.port(), TEN_SECONDS, body), answer)));
            assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
            loop.execute(() -> {
                call.get().cancel();
                body.release();
            });
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(answer.over()).isFalse();
        }
    }

    private Answer post(int port, byte[] bytes) throws InterruptedException {
        Body body = FiledBody.filled(loop, new BodyMemory(100_000, new BodyFolder(folder)), bytes);
        Answer answer = new Answer();
        loop.execute(() ->
                client(InetAddress::getAllByName).send(loop, request("127.0.0.1", port, TEN_SECONDS, body), answer));
        Eventually.await("an outcome", answer::over);
        body.release();
        return answer;
    }

    private UpstreamClient client(HostResolver.LookUp lookUp) {
        return new UpstreamClient(loops, UpstreamTls.platform(), new HostResolver(lookUp));
    }

    private static UpstreamRequest request(String host, int port, Duration connect, Body body) {
        UpstreamTimeouts limits =
                new UpstreamTimeouts(connect, Duration.ZERO, TEN_SECONDS, Duration.ZERO, Duration.ZERO);
        String method = body.isEmpty() ? "GET" : "POST";
        return new UpstreamRequest(new Origin(false, host, port), method, "/", new Headers(), body, limits);
    }

    private static RawServer answering() {
        return RawServer.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    }

    private static InetAddress address(int a, int b, int c, int d) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    }

    /// Connects until the operating system answers no further attempt.
    private static void fill(ServerSocket full, List<Socket> filling) throws IOException {
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(full.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException _) {
                return;
            }
        }
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Answer send(HostResolver.LookUp lookUp, int port, Duration connect) throws InterruptedException {
        Answer answer = new Answer();
        loop.execute(() -> client(lookUp).send(loop, request("some.example", port, connect, Body.empty()), answer));
        Eventually.await("an outcome", answer::over);
        return answer;
    }

    private static final class Answer implements UpstreamListener {

        private final StringBuilder text = new StringBuilder();
        private volatile @Nullable String outcome;

        boolean over() {
            return outcome != null;
        }

        String outcome() {
            return String.valueOf(outcome);
        }

        @Override
        public void onHead(ResponseHead head) {
            text.append(head.status()).append(' ');
        }

        @Override
        public void onData(ByteBuf data) {
            text.append(data.toString(StandardCharsets.US_ASCII));
            data.release();
        }

        @Override
        public void onBatchEnd() {
            // nothing to flush
        }

        @Override
        public void onEnd() {
            outcome = text.toString();
        }

        @Override
        public void onFailure(UpstreamFailure failure) {
            outcome = failure.kind() + " " + failure.message();
        }
    }
}
