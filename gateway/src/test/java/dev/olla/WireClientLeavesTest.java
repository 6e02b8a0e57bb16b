package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A client that leaves frees its server at once.
@SuppressWarnings("try") // some tests close early, which is what they test
class WireClientLeavesTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";

    enum Leaving {
        HALF_CLOSE,
        CLOSE,
        RESET;

        void by(RawClient client) throws IOException {
            switch (this) {
                case HALF_CLOSE -> client.socket().shutdownOutput();
                case CLOSE -> client.close();
                case RESET -> client.reset();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void beforeTheAnswer(Leaving leaving) throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.awaitClose();
                    freed.countDown();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            Eventually.await(
                    "the request is under way", () -> backend.requests().size() == 1);
            leaving.by(client);
            assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
            Eventually.await("nothing is left", () -> gateway.gateway().connections() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileTheAnswerStreams(Leaving leaving) throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
                    connection.writeChunk("data: one\n\n");
                    connection.awaitClose();
                    freed.countDown();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("data: one\n\n");
            leaving.by(client);
            assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileItsOwnBodyIsOnItsWay(Leaving leaving) throws Exception {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(4999));
            leaving.by(client);
            Eventually.await("nothing is left", () -> gateway.gateway().connections() == 0);
            assertThat(backend.requests()).isEmpty();
        }
    }

    @Test
    void whileTheServerTakesALargeBody() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    gone.await();
                    connection.awaitClose();
                    freed.countDown();
                });
                TestGateway gateway = backend.gateway("");
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\n"
                    + "Content-Length: 50000000\r\n\r\n");
            client.send(new byte[50_000_000]);
            Eventually.await(
                    "the request is under way", () -> backend.requests().size() == 1);
            client.socket().close();
            gone.countDown();
            assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
