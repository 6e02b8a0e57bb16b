package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Http2Server;
import dev.olla.testbed.Http2Stream;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers behind TLS that offer HTTP/2.
@SuppressWarnings("try") // some tests close early, which is what they test
class Http2UpstreamTest extends Http2Backends {

    @Test
    void aRequestAndItsAnswerPassAsTheyAre() throws Exception {
        AtomicReference<Http2Stream> seen = new AtomicReference<>();
        try (Http2Server server = server(stream -> {
                    seen.set(stream);
                    stream.head(203, "content-type", "application/json", "x-cost", "3", "x-cost", "4");
                    stream.data(OK);
                    stream.end();
                });
                TestGateway gateway = before(server)) {
            HttpResponse<String> answer = gateway.post(
                    PATH + "?a=%2F", CHAT, "X-Mixed-Case", "yes", "Authorization", "Bearer secret", "TE", "trailers");
            assertThat(answer.statusCode()).isEqualTo(203);
            assertThat(answer.body()).isEqualTo(OK);
            assertThat(answer.headers().allValues("X-Cost")).containsExactly("3", "4");
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("box");
            assertThat(seen.get().fields())
                    .containsEntry(":method", "POST")
                    .containsEntry(":scheme", "https")
                    .containsEntry(":authority", "localhost:" + server.port())
                    .containsEntry(":path", "/v1/chat/completions?a=%2F")
                    .containsEntry("content-length", Integer.toString(CHAT.length()))
                    .containsEntry("x-mixed-case", "yes")
                    .containsEntry("x-model", "m")
                    .doesNotContainKeys("authorization", "host", "te", "connection", "transfer-encoding");
            assertThat(new String(seen.get().body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(CHAT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE"})
    void aRequestWithoutBodyPasses(String method) throws Exception {
        try (Http2Server server = server(stream -> {
                    stream.head(200, "content-type", "application/json", "x-method", stream.method());
                    if (!method.equals("HEAD")) {
                        stream.data(OK);
                    }
                    stream.end();
                });
                TestGateway gateway = before(server);
                RawClient client = gateway.raw()) {
            client.send(method + " /olla/proxy/version HTTP/1.1\r\nHost: x\r\n\r\n");
            RawResponse answer = method.equals("HEAD") ? client.readResponseToHead() : client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-Method")).isEqualTo(method);
        }
    }

    @Test
    void bodiesOfAnySizePassBothWays() throws Exception {
        byte[] bytes = new byte[5_000_000];
        new Random(7).nextBytes(bytes);
        AtomicReference<byte[]> received = new AtomicReference<>();
        try (Http2Server server = server(stream -> {
                    received.set(stream.body());
                    stream.head(200, "content-type", "application/octet-stream");
                    stream.data(stream.body());
                    stream.end();
                });
                TestGateway gateway = before(server, "body_memory: 32MB", "");
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /olla/proxy/v1/audio HTTP/1.1\r\nHost: x\r\n"
                        + "Content-Type: application/octet-stream\r\nContent-Length: " + bytes.length + "\r\n\r\n");
                client.send(bytes);
                RawResponse answer = client.readResponse();
                assertThat(answer.complete()).isTrue();
                assertThat(String.join("", answer.chunks()).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                        .isEqualTo(bytes);
                assertThat(received.get()).isEqualTo(bytes);
            }
        }
    }

    @Test
    void callsShareConnections() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Http2Server server = server(endingAfter(go));
                TestGateway gateway = before(server)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                clients.add(streaming(gateway));
            }
            assertThat(server.openConnections()).isLessThanOrEqualTo(LOOPS);
            assertThat(server.streams()).isEqualTo(60);
            go.countDown();
            for (RawClient client : clients) {
                assertThat(client.readChunk()).isNull();
                client.close();
            }
            Eventually.await("no stream is left", () -> server.streams() == 0);
        }
    }

    @Test
    void asManyStreamsAsTheServerTakesAreOnOneConnection() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Http2Server server = Http2Server.start(CERTIFICATES, 5, stream -> {
                    stream.head(200, "content-type", EVENTS);
                    stream.data("data: x\n\n");
                    go.await();
                    stream.end();
                });
                TestGateway gateway = before(server, "retry: {enabled: false}", "")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(streaming(gateway));
            }
            assertThat(server.openConnections()).isBetween(8, 8 + LOOPS);
            go.countDown();
            for (RawClient client : clients) {
                assertThat(client.readChunk()).isNull();
                client.close();
            }
            assertThat(box(gateway).get("success_rate").asString()).isEqualTo("100%");
        }
    }

    @Test
    void aBurstIsServedWhole() throws Exception {
        try (Http2Server server =
                        Http2Server.start(CERTIFICATES, 4, stream -> stream.answer(200, "application/json", OK));
                TestGateway gateway = before(server)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                RawClient client = gateway.raw();
                clients.add(client);
                client.send("POST", PATH, "", CHAT);
            }
            for (RawClient client : clients) {
                assertThat(client.readResponse().status()).isEqualTo(200);
                client.close();
            }
        }
    }

    @Test
    void aClientThatDoesNotReadStopsItsOwnStreamOnly() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[100_000];
        int pieces = 400;
        try (Http2Server server = server(stream -> {
                    if (!stream.path().startsWith("/v1/audio")) {
                        stream.answer(200, "application/json", OK);
                        return;
                    }
                    stream.head(200, "content-type", "audio/wav");
                    for (int i = 0; i < pieces; i++) {
                        stream.data(piece);
                        sent.addAndGet(piece.length);
                    }
                    stream.end();
                });
                TestGateway gateway = before(server);
                RawClient slow = gateway.raw()) {
            slow.send("POST", "/olla/proxy/v1/audio/speech", "", CHAT);
            slow.readHead();
            Eventually.await("the stream is under way", () -> sent.get() > 0);
            for (int i = 0; i < 50; i++) {
                assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            }
            assertThat(sent.get()).as("what sockets and windows hold").isLessThan(20_000_000);
            assertThat(server.connections()).isLessThanOrEqualTo(LOOPS);
            long read = 0;
            for (String chunk = slow.readChunk(); chunk != null; chunk = slow.readChunk()) {
                read += chunk.length();
            }
            assertThat(read).isEqualTo((long) pieces * piece.length);
        }
    }

    @Test
    void aClientThatLeavesEndsItsStreamAndNoOther() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Http2Server server = server(stream -> {
                    if (stream.path().endsWith("?stays")) {
                        stream.head(200, "content-type", EVENTS);
                        stream.data("data: x\n\n");
                        go.await();
                        stream.data("data: y\n\n");
                        stream.end();
                    } else {
                        endless(stream);
                    }
                });
                TestGateway gateway = before(server);
                RawClient stays = gateway.raw()) {
            stays.send("POST", PATH + "?stays", "", CHAT);
            stays.readHead();
            assertThat(stays.readChunk()).isNotNull();
            for (int i = 1; i <= 300; i++) {
                streaming(gateway).close();
            }
            Eventually.await("each is cancelled", () -> server.cancelled() == 300);
            go.countDown();
            assertThat(stays.readChunk()).isEqualTo("data: y\n\n");
            assertThat(stays.readChunk()).isNull();
            Eventually.await(
                    "the leavers are counted",
                    () -> box(gateway).get("requests_client_left").asInt() == 300);
            assertThat(box(gateway).get("success_rate").asString()).isEqualTo("100%");
            assertThat(FaultStatus.of(gateway, "box")).isEqualTo("healthy");
            Eventually.await("connections with many resets retire", () -> server.openConnections() <= LOOPS);
        }
    }

    @Test
    void aClientThatLeavesASilentServerEndsItsStream() throws Exception {
        try (Http2Server server = server(Http2Stream::awaitReset);
                TestGateway gateway = before(server);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT);
            Eventually.await("the server is at work", () -> server.requests() == 1);
            client.close();
            Eventually.await("it is told", () -> server.cancelled() == 1);
            assertThat(server.openConnections()).isOne();
        }
    }

    @Test
    void trailersPassBothWays() throws Exception {
        AtomicReference<Http2Stream> seen = new AtomicReference<>();
        try (Http2Server server = server(stream -> {
                    seen.set(stream);
                    stream.head(200, "content-type", EVENTS);
                    stream.data("hello");
                    stream.end("digest", "abc", "x-olla-endpoint", "evil");
                });
                TestGateway gateway = before(server);
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(CHAT.length()) + "\r\n" + CHAT + "\r\n0\r\nDigest: def\r\n\r\n");
            client.readHead();
            assertThat(client.readLine()).isEqualTo("5");
            assertThat(client.readLine()).isEqualTo("hello");
            assertThat(client.readLine()).isEqualTo("0");
            assertThat(client.readHead()).isEqualTo("digest: abc\r\n\r\n");
            assertThat(seen.get().trailers()).containsExactly(java.util.Map.entry("digest", "def"));
            assertThat(seen.get().fields()).doesNotContainKey("content-length");
        }
    }

    @Test
    void aServerThatWantsTheOldProtocolGetsIt() throws Exception {
        try (Http2Server server = server(stream -> stream.reset("HTTP_1_1_REQUIRED"));
                TestGateway gateway = before(server, "retry: {enabled: false}", "")) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = gateway.post(PATH, CHAT);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("{\"http\":1}");
            }
            assertThat(server.requests()).isOne();
        }
    }

    @Test
    void itCanBeTurnedOff() throws Exception {
        try (Http2Server server = server(stream -> stream.answer(200, "application/json", OK));
                TestGateway gateway = before(server, "", ", http2: false")) {
            assertThat(gateway.post(PATH, CHAT).body()).isEqualTo("{\"http\":1}");
            assertThat(server.requests()).isZero();
        }
    }

    @Test
    void aRequestForAnotherProtocolHasAConnectionOfItsOwn() throws Exception {
        try (Http2Server server = server(stream -> stream.answer(200, "application/json", OK));
                TestGateway gateway = before(server);
                RawClient client = gateway.raw()) {
            assertThat(gateway.post(PATH, CHAT).body()).isEqualTo(OK);
            client.send("GET /olla/proxy/v1/realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\n\r\n");
            assertThat(String.join("", client.readResponse().chunks())).isEqualTo("{\"http\":1}");
            assertThat(server.plainRequests()).isOne();
        }
    }

    @Test
    void probesAndListsGoOverItToo() throws Exception {
        try (Http2Server server = server(stream -> stream.answer(
                        200,
                        "application/json",
                        stream.path().equals("/v1/models")
                                ? "{\"object\":\"list\",\"data\":[{\"id\":\"m2\",\"object\":\"model\"}]}"
                                : OK));
                TestGateway gateway = TestGateway.of("""
                        discovery:
                          static:
                            endpoints:
                              - {name: box, url: "%s", type: vllm, check_interval: 1s, check_timeout: 900ms,
                                 tls: {insecure_skip_verify: true}}
                        """.formatted(server.uri()))) {
            assertThat(gateway.post(PATH, CHAT.replace("\"m\"", "\"m2\"")).statusCode())
                    .isEqualTo(200);
            assertThat(server.plainRequests()).isZero();
        }
    }
}
