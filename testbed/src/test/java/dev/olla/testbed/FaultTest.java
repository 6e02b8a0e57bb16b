package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultTest {

    private static final String CHAT =
            "{\"model\":\"qwen3:8b\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Http http = new Http();
    private final SimulatedServer server =
            SimulatedServer.ollama("box-a").model("qwen3:8b").start();

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
    void resetsConnections() {
        server.fault(Fault.reset());

        assertThatThrownBy(() -> http.get(server, "/")).isInstanceOf(IOException.class);
        assertThat(server.clientCloses()).isZero();
    }

    @Test
    void answersAStatusInTheEnvelopeOfThePath() throws Exception {
        server.fault(Fault.status(429, "7"));

        HttpResponse<String> response = http.post(server, "/v1/chat/completions", CHAT);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(Http.json(response).get("error").get("type").asString()).isEqualTo("rate_limit_error");
    }

    @Test
    void dropsAStreamWithoutItsEnd() {
        server.fault(Fault.dropAfter(2));

        assertThatThrownBy(() -> http.post(server, "/api/chat", CHAT)).isInstanceOf(IOException.class);
        assertThat(server.clientCloses()).isZero();
        assertThat(server.activeExchanges()).isZero();
    }
}
