package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.olla.Eventually;
import dev.olla.testbed.RawClient;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerTest {

    private final EventLoops loops = new EventLoops(1);
    private final AtomicInteger handled = new AtomicInteger();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void aClientThatReadsNoAnswersGetsNoFurtherOnes() throws IOException {
        byte[] large = new byte[100_000];
        try (Server server = start(exchange -> exchange.respond(200, new Headers(), large));
                RawClient client = RawClient.connect(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2000));
            awaitStandstill();
            assertThat(handled.get()).isLessThan(1000);
            for (int i = 0; i < 2000; i++) {
                assertThat(client.readResponse().complete()).isTrue();
            }
            assertThat(handled).hasValue(2000);
        }
    }

    @Test
    void aLargeLastAnswerReachesASlowReaderWhole() throws IOException {
        byte[] large = new byte[50_000_000];
        try (Server server = start(exchange -> exchange.respond(200, new Headers(), large));
                RawClient client = RawClient.connect(server.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            Eventually.await("the answer is under way", () -> handled.get() == 1);
            assertThat(client.readResponse().complete()).isTrue();
            assertThat(client.closed()).isTrue();
        }
    }

    private void awaitStandstill() {
        int[] seen = new int[2];
        Eventually.await("standstill", () -> {
            seen[1] = handled.get() == seen[0] && seen[0] > 0 ? seen[1] + 1 : 0;
            seen[0] = handled.get();
            return seen[1] >= 300;
        });
    }

    @Test
    void aPortThatIsLostIsTold() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (Server server = start(_ -> {})) {
            server.onListenerLost(told::countDown);
            server.loseListener();
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPortThatIsClosedOnPurposeIsNoLoss() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Server server = start(_ -> {});
        server.onListenerLost(told::incrementAndGet);
        server.close();
        loops.next().eventLoop().submit(() -> {}).sync();
        assertThat(told).hasValue(0);
    }

    @Test
    void anUnknownHostIsNamedWithItsPort() {
        assertThatThrownBy(() -> Server.start(
                        ServerSettings.DEFAULTS.listeningOn("no-such-host.invalid", 4711), loops, handler(_ -> {})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-host.invalid:4711");
    }

    private interface Answer {
        void to(Exchange exchange);
    }

    private Server start(Answer answer) throws IOException {
        return Server.start(ServerSettings.DEFAULTS.listeningOn("127.0.0.1", 0), loops, handler(answer));
    }

    private RequestHandler handler(Answer answer) {
        return new RequestHandler() {
            @Override
            public @Nullable Runnable arrived(Exchange exchange) {
                return null;
            }

            @Override
            public void handle(Exchange exchange) {
                handled.incrementAndGet();
                answer.to(exchange);
            }

            @Override
            public void refuse(Exchange exchange, RequestProblem problem) {
                exchange.respond(problem.kind().status(), new Headers(), new byte[0]);
            }

            @Override
            public void unexpected(Throwable cause) {
                throw new AssertionError(cause);
            }
        };
    }
}
