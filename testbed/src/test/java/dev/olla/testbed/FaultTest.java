package dev.olla.testbed;

import static dev.olla.testbed.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class FaultTest {

    private static final String CHAT =
            "{\"model\":\"qwen3:8b\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Http http = new Http();
    private final SimulatedServer server =
            SimulatedServer.ollama("box-a").model("qwen3:8b").tokens(5).start();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void refusesConnectionsUntilCleared() throws Exception {
        http.get(server, "/");

        server.fault(Fault.refuse());
        assertThatThrownBy(() -> http.get(server, "/")).isInstanceOf(ConnectException.class);

        server.clearFault();
        assertThat(http.get(server, "/").statusCode()).isEqualTo(200);
    }

    @Test
    void resetsConnections() throws Exception {
        server.fault(Fault.reset());

        try (RawClient client = send("GET", "/")) {
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        assertThat(server.clientCloses()).isZero();
        assertThat(server.activeExchanges()).isZero();
    }

    @Test
    void closesBeforeAnswering() throws Exception {
        server.fault(Fault.closeBeforeAnswer());

        try (RawClient client = send("GET", "/api/tags")) {
            assertThat(client.readUntilClosed()).isEmpty();
        }
        assertThat(server.clientCloses()).isZero();
    }

    @Test
    void hangsUntilTheClientLeaves() throws Exception {
        server.fault(Fault.hang());

        try (RawClient client = send("GET", "/api/tags")) {
            eventually("the request has arrived", () -> server.activeExchanges() == 1);
            assertThat(client.socket().getInputStream().available()).isZero();
        }
        eventually("the close is noticed", () -> server.clientCloses() == 1);
        assertThat(server.activeExchanges()).isZero();
    }

    @Test
    void delaysTheFirstByte() throws Exception {
        server.fault(Fault.slowFirstByte(Duration.ofMillis(80)));
        long start = System.nanoTime();

        http.get(server, "/api/tags");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
    }

    @Test
    void stallsAStreamAfterSoManyChunks() throws Exception {
        server.fault(Fault.stallAfter(2));

        try (RawClient client = send("POST", "/api/chat")) {
            client.readHead();
            assertThat(client.readChunk()).contains("box-a says:");
            assertThat(client.readChunk()).contains(" w1");
            assertThat(server.activeExchanges()).isEqualTo(1);
            assertThat(client.socket().getInputStream().available()).isZero();
        }
        eventually("the close is noticed", () -> server.clientCloses() == 1);
    }

    @Test
    void dropsAStreamWithoutItsEnd() throws Exception {
        server.fault(Fault.dropAfter(2));

        try (RawClient client = send("POST", "/api/chat")) {
            RawResponse response = client.readResponse();
            assertThat(response.chunks()).hasSize(2);
            assertThat(response.complete()).isFalse();
        }
        assertThat(server.clientCloses()).isZero();
        assertThat(server.activeExchanges()).isZero();
    }

    @Test
    void dropsASizedAnswerHalfWay() throws Exception {
        server.fault(Fault.dropAfter(1));

        try (RawClient client = send("GET", "/api/tags")) {
            RawResponse response = client.readResponse();
            assertThat(response.complete()).isFalse();
            assertThat(response.body()).startsWith("{\"models\":[");
        }
    }

    @Test
    void answersAStatusInTheEnvelopeOfThePath() throws Exception {
        server.fault(Fault.status(429, "7"));

        HttpResponse<String> response = http.post(server, "/v1/chat/completions", CHAT);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(Http.json(response).get("error").get("type").asString()).isEqualTo("rate_limit_error");
        assertThat(Http.json(http.get(server, "/api/tags")).get("error").isString())
                .isTrue();
    }

    @Test
    void isFlakyAlikeForEqualSeeds() throws Exception {
        server.fault(Fault.flaky(0.5, Fault.status(500), 42));
        List<Integer> first = statuses();
        server.fault(Fault.flaky(0.5, Fault.status(500), 42));

        assertThat(first).contains(200, 500);
        assertThat(statuses()).isEqualTo(first);
    }

    @Test
    void failsHealthPathsOnly() throws Exception {
        server.fault(Fault.failHealthOnly());

        assertThat(http.get(server, "/").statusCode()).isEqualTo(503);
        assertThat(http.get(server, "/v1/models").statusCode()).isEqualTo(200);
        assertThat(http.post(server, "/api/chat", CHAT).statusCode()).isEqualTo(200);
        assertThat(http.send(Http.request(server, "/v1/models").header("User-Agent", "olla-HealthChecker/1.0"))
                        .statusCode())
                .isEqualTo(503);
    }

    @Test
    void breaksJson() throws Exception {
        server.fault(Fault.malformedJson());

        String list = http.get(server, "/api/tags").body();
        List<String> lines = http.post(server, "/api/chat", CHAT).body().lines().toList();

        assertThatThrownBy(() -> Json.MAPPER.readTree(list)).isInstanceOf(JacksonException.class);
        assertThat(lines.get(1)).isEqualTo("{\"broken\": ");
        assertThat(lines).hasSize(7);
    }

    @Test
    void announcesAWrongLength() throws Exception {
        server.fault(Fault.wrongContentLength(5));

        try (RawClient client = send("GET", "/")) {
            RawResponse response = client.readResponse();
            assertThat(response.header("Content-Length")).isEqualTo("22");
            assertThat(response.body()).isEqualTo("Ollama is running");
            assertThat(response.complete()).isFalse();
        }
        try (RawClient client = send("POST", "/api/chat")) {
            RawResponse response = client.readResponse();
            assertThat(response.body()).contains("\"done\":true");
            assertThat(response.complete()).isFalse();
        }
    }

    private RawClient send(String method, String path) throws IOException {
        RawClient client = RawClient.connect(server.port());
        client.send(method, path, "", method.equals("POST") ? CHAT : "");
        return client;
    }

    private List<Integer> statuses() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int attempt = 0; attempt < 20; attempt++) {
            statuses.add(http.get(server, "/api/version").statusCode());
        }
        return statuses;
    }
}
