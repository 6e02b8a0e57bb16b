package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Http2Server;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Servers that fail while HTTP/2 is spoken to them.
@SuppressWarnings("try") // some tests close early, which is what they test
class Http2FailureTest extends Http2Backends {

    @Test
    void aRefusedStreamIsSentAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Http2Server server = server(stream -> {
                    if (tries.incrementAndGet() == 1) {
                        stream.reset("REFUSED_STREAM");
                    } else {
                        stream.answer(200, "application/json", OK);
                    }
                });
                TestGateway gateway = before(server, "retry: {enabled: false}", "")) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            assertThat(tries.get()).isEqualTo(2);
            assertThat(box(gateway).get("request_count").asInt()).isOne();
        }
    }

    @Test
    void aServerThatRefusesEverythingIsA502() throws Exception {
        try (Http2Server server = server(stream -> stream.reset("REFUSED_STREAM"));
                TestGateway gateway = before(server)) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("refused the request");
        }
    }

    @Test
    void aServerThatGoesAwayEndsWhatItHasAndIsReachedAnew() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Http2Server server = server(endingAfter(go));
                TestGateway gateway = before(server);
                RawClient first = streaming(gateway)) {
            server.goAway();
            Eventually.await("the next goes elsewhere", () -> {
                try (RawClient next = streaming(gateway)) {
                    return server.connections() > 1;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            go.countDown();
            assertThat(first.readChunk()).isNull();
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            assertThat(FaultStatus.of(gateway, "box")).isEqualTo("healthy");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, INTERNAL_ERROR", "true, INTERNAL_ERROR", "false, CANCEL", "true, NO_ERROR"})
    void aStreamThatIsResetIsAFailureOfTheServer(boolean answering, String code) throws Exception {
        try (Http2Server server = server(stream -> {
                    if (answering) {
                        stream.head(200, "content-type", "application/json");
                        stream.data("{");
                    }
                    stream.reset(code);
                });
                TestGateway gateway = before(server, "retry: {enabled: false}", "");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT);
            RawResponse answer = client.readResponse();
            if (answering) {
                assertThat(answer.complete()).isFalse();
            } else {
                assertThat(answer.status()).isEqualTo(502);
            }
            assertThat(box(gateway).get("success_rate").asString()).isEqualTo("0%");
            assertThat(server.openConnections())
                    .as("of the stream, not of the connection")
                    .isOne();
        }
    }

    @Test
    void aConnectionThatIsCutEndsItsStreams() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Http2Server server = server(stream -> {
                    if (tries.incrementAndGet() == 1) {
                        endless(stream);
                    } else {
                        stream.answer(200, "application/json", OK);
                    }
                });
                TestGateway gateway = before(server);
                RawClient client = streaming(gateway)) {
            server.cut();
            assertThat(client.readUntilClosed()).doesNotContain("0\r\n\r\n");
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    /// What may have been done already is not done twice.
    @Test
    void aCallOnAConnectionThatWasInUseIsNotSentAgainBlindly() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        List<RawClient> others = new ArrayList<>();
        try (Http2Server server = server(stream -> {
                    if (stream.path().equals("/v1/load")) {
                        tries.incrementAndGet();
                        stream.awaitReset();
                    } else {
                        endless(stream);
                    }
                });
                TestGateway gateway = before(server);
                RawClient client = gateway.raw()) {
            for (int i = 0; i < 4 * LOOPS; i++) {
                others.add(streaming(gateway));
            }
            client.send("POST", "/olla/proxy/v1/load", "", CHAT);
            Eventually.await("the server is at work", () -> tries.get() == 1);
            assertThat(server.connections()).isEqualTo(LOOPS);
            server.cut();
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(tries.get()).isOne();
            for (RawClient other : others) {
                other.close();
            }
        }
    }

    @Test
    void aSilentConnectionIsNotUsedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Http2Server server = server(stream -> {
                    if (tries.incrementAndGet() == 1) {
                        stream.awaitReset();
                    } else {
                        stream.answer(200, "application/json", OK);
                    }
                });
                TestGateway gateway = before(server, "response_header_timeout: 1s, retry: {enabled: false}", "");
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT);
            RawResponse late = client.readResponse();
            assertThat(late.status()).isEqualTo(504);
            client.send("POST", PATH, "", CHAT);
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(server.cancelled()).isOne();
        }
    }
}
