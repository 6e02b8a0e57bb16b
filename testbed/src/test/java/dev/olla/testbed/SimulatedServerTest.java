package dev.olla.testbed;

import static dev.olla.testbed.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedServerTest {

    private static final String CHAT =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Http http = new Http();
    private final ConcurrentLinkedQueue<FinishedRequest> finished = new ConcurrentLinkedQueue<>();
    private final SimulatedServer server = SimulatedServer.openai("api")
            .model("m")
            .tokensPerSecond(50)
            .tokens(5)
            .onFinished(finished::add)
            .start();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void countsRequestsByPath() throws Exception {
        http.get(server, "/v1/models?limit=1");
        http.get(server, "/v1/models");
        http.get(server, "/health");

        assertThat(server.requests("/v1/models")).isEqualTo(2);
        assertThat(server.totalRequests()).isEqualTo(3);
    }

    @Test
    void recordsRequestsAsTheyArrived() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST", "/v1/embeddings?a=b", "X-One: 1\r\nx-two: 2\r\nX-One: 3\r\n", "{\"model\":\"m\"}");
            client.readResponse();
        }

        RecordedRequest request = server.recorded().getLast();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/embeddings?a=b");
        assertThat(request.headers())
                .contains(new RecordedRequest.Header("X-One", "1"), new RecordedRequest.Header("x-two", "2"));
        assertThat(request.headerValues("x-one")).containsExactly("1", "3");
        assertThat(request.bodyText()).isEqualTo("{\"model\":\"m\"}");
    }

    @Test
    void pacesAStream() throws Exception {
        long start = System.nanoTime();

        http.post(server, "/v1/chat/completions", CHAT);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
    }

    @Test
    void noticesAClientThatLeavesInAStream() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST", "/v1/chat/completions", "", CHAT);
            client.readHead();
            assertThat(server.activeExchanges()).isEqualTo(1);
            client.reset();
        }

        eventually("the close is noticed", () -> server.clientCloses() == 1);
        assertThat(server.lastClientCloseNanos()).isNotZero();
        eventually("the exchange is over", () -> server.activeExchanges() == 0);
        assertThat(finished.element().outcome()).isEqualTo(FinishedRequest.Outcome.CLIENT_CLOSED);
    }

    @Test
    void aCompleteAnswerIsNoClientClose() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST", "/v1/chat/completions", "", CHAT);
            assertThat(client.readResponse().complete()).isTrue();
        }

        eventually("the connection is gone", () -> server.openConnections() == 0);
        assertThat(server.clientCloses()).isZero();
        assertThat(finished.element().model()).isEqualTo("m");
        assertThat(finished.element().outcome()).isEqualTo(FinishedRequest.Outcome.COMPLETE);
    }

    @Test
    void stopResetsConnectionsAndRestartTakesTheSamePort() throws Exception {
        int port = server.port();
        http.get(server, "/health");
        RawClient client = RawClient.connect(port);
        client.send("POST", "/v1/chat/completions", "", CHAT);
        client.readHead();

        server.stop();

        assertThatThrownBy(() -> client.socket().getInputStream().transferTo(OutputStream.nullOutputStream()))
                .isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(ConnectException.class);
        assertThat(server.clientCloses()).isZero();

        server.restart();

        assertThat(server.port()).isEqualTo(port);
        assertThat(http.get(server, "/health").statusCode()).isEqualTo(200);
        assertThat(server.requests("/health")).isEqualTo(2);
        client.close();
    }

    @Test
    void changesItsModelsWhileItRuns() throws Exception {
        server.setModels(List.of(SimulatedModel.of("x"), SimulatedModel.of("y")));
        server.addModel(SimulatedModel.of("z"));
        server.removeModel("x");

        assertThat(http.get(server, "/v1/models").body())
                .contains("\"y\"", "\"z\"")
                .doesNotContain("\"x\"");
        assertThat(http.post(server, "/v1/chat/completions", CHAT).statusCode()).isEqualTo(404);
    }

    @Test
    void keepsAConnectionAliveAndAnswersPipelinedRequestsInOrder() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readResponse().body()).contains("ok");
            assertThat(client.readResponse().body()).contains("\"object\":\"list\"");
            assertThat(server.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void answersManyPipelinedRequestsWithoutMixingThemUp() throws Exception {
        int count = 5000;
        try (RawClient client = RawClient.connect(server.port())) {
            StringBuilder requests = new StringBuilder();
            for (int index = 0; index < count; index++) {
                requests.append("GET /v1/models/none-%d HTTP/1.1\r\nHost: a\r\n\r\n".formatted(index));
            }
            Thread.ofVirtual().start(() -> sendAll(client, requests.toString()));

            for (int index = 0; index < count; index++) {
                assertThat(client.readResponse().body()).contains("none-" + index + "'");
            }
        }
    }

    @Test
    void closesWhenAskedTo() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET", "/health", "Connection: close\r\n", "");

            assertThat(client.readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void streamsToHttp10UntilTheConnectionEnds() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST /v1/chat/completions HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(CHAT.length(), CHAT));

            RawResponse response = client.readResponse();
            assertThat(response.header("Transfer-Encoding")).isNull();
            assertThat(response.body()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void tellsAClientThatAsksToGoOn() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(
                    "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 13\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            client.send("{\"model\":\"m\"}");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void isControlledOverHttp() throws Exception {
        assertThat(http.put(server, "/__testbed/fault", "{\"kind\":\"status\",\"status\":503}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.get(server, "/v1/models").statusCode()).isEqualTo(503);
        assertThat(http.delete(server, "/__testbed/fault").statusCode()).isEqualTo(200);
        http.put(server, "/__testbed/models", "[\"new\",{\"name\":\"other\",\"size\":5}]");

        assertThat(http.get(server, "/v1/models").body()).contains("\"new\"", "\"other\"");
        var stats = Http.json(http.get(server, "/__testbed/stats"));
        assertThat(stats.at("/requests/~1v1~1models").asInt()).isEqualTo(2);
        assertThat(stats.get("recorded")).hasSize(2);
    }

    @Test
    void explainsABadControlRequest() throws Exception {
        var response = http.put(server, "/__testbed/fault", "{\"kind\":\"explode\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("explode", "refuse");
    }

    private static void sendAll(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
