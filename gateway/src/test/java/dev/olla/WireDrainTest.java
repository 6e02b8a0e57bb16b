package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A stop lets what runs end, and nothing else begin.
@SuppressWarnings("try") // some tests close early, which is what they test
class WireDrainTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Test
    void aStreamUnderWayEndsByItself() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(STREAM);
                    connection.writeChunk("one");
                    go.await();
                    connection.writeChunk("two");
                    connection.writeChunk("");
                });
                TestGateway gateway = backend.gateway("server: {shutdown_timeout: 30s}\n");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("one");
            CompletableFuture<Boolean> stopped = stop(gateway);
            awaitRefused(gateway);
            go.countDown();
            assertThat(client.readChunk()).isEqualTo("two");
            assertThat(client.readChunk()).isNull();
            assertThat(client.closed()).isTrue();
            client.socket().close();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAnswerThatBeginsMeanwhileSaysThatItIsTheLast() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    go.await();
                    connection.write(WireBackend.OK);
                });
                TestGateway gateway = backend.gateway("server: {shutdown_timeout: 30s}\n");
                RawClient client = gateway.raw();
                RawClient halfSent = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            client.send("GET", "/version", "", "");
            halfSent.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{");
            Eventually.await(
                    "the request is under way", () -> backend.requests().size() == 1);
            CompletableFuture<Boolean> stopped = stop(gateway);
            awaitRefused(gateway);
            go.countDown();
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
            halfSent.send("}");
            assertThat(halfSent.readResponse().header("Connection")).isEqualTo("close");
            halfSent.socket().close();
            client.socket().close();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void connectionsWithoutARequestAreClosedAtOnce() throws Exception {
        try (WireBackend backend = WireBackend.answering(WireBackend.OK);
                TestGateway gateway = backend.gateway("server: {shutdown_timeout: 30s}\n");
                RawClient fresh = gateway.raw();
                RawClient used = gateway.raw()) {
            used.send("POST", PATH, "", "{}");
            assertThat(used.readResponse().status()).isEqualTo(200);
            Eventually.await("both are connected", () -> gateway.gateway().connections() == 2);
            CompletableFuture<Boolean> stopped = stop(gateway);
            assertThat(fresh.closed()).isTrue();
            assertThat(used.closed()).isTrue();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aStreamThatDoesNotEndIsCutWhenTheTimeIsUp() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        try (WireBackend backend = WireBackend.start((connection, head) -> {
                    connection.read(WireBackend.bodyLength(head));
                    connection.write(STREAM);
                    connection.writeChunk("one");
                    connection.awaitClose();
                    freed.countDown();
                });
                TestGateway gateway = backend.gateway("server: {shutdown_timeout: 300ms}\n");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", "{}");
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("one");
            assertThat(stop(gateway).get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(client.readUntilClosed()).isEmpty();
            assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static CompletableFuture<Boolean> stop(TestGateway gateway) {
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                stopped.complete(gateway.gateway().stop());
            } catch (Throwable e) {
                stopped.completeExceptionally(e);
            }
        });
        return stopped;
    }

    private static void awaitRefused(TestGateway gateway) {
        Eventually.await("new connections are refused", () -> {
            try (RawClient _ = gateway.raw()) {
                return false;
            } catch (IOException _) {
                return true;
            }
        });
        assertThatThrownBy(gateway::raw).isInstanceOf(IOException.class);
    }
}
