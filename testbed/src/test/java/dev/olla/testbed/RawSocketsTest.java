package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RawSocketsTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Test
    void aScriptAnswersInChunks() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(CHUNKED);
                    connection.writeChunk("one");
                    connection.writeChunk("zwö");
                    connection.writeChunk("");
                });
                RawClient client = RawClient.connect(server.uri())) {
            client.send("GET", "/", "", "");
            RawResponse response = client.readResponse();

            assertThat(response.complete()).isTrue();
            assertThat(response.chunks()).hasSize(2);
            assertThat(response.body()).isEqualTo("onezwö");
            assertThat(client.closed()).isTrue();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aChunkedBodyWithoutItsEndIsIncomplete() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(CHUNKED + "5\r\nab");
                });
                RawClient client = RawClient.connect(server.uri())) {
            client.send("GET", "/", "", "");

            assertThat(client.readResponse().complete()).isFalse();
        }
    }

    @Test
    void aResetIsAnIncompleteAnswer() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                    connection.read(2);
                    connection.reset();
                });
                RawClient client = RawClient.connect(server.uri())) {
            client.send("POST", "/", "", "body");
            client.readHead();
            client.send("go");

            assertThat(client.readUntilClosed()).isIn("abc", "");
        }
    }

    @Test
    void interimResponsesAreSkipped() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
                    connection.readHead();
                    connection.write(
                            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok");
                });
                RawClient client = RawClient.connect(server.uri())) {
            client.send("GET", "/", "", "");
            RawResponse response = client.readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("x-a")).isEqualTo("b");
            assertThat(response.body()).isEqualTo("ok");
        }
    }

    @Test
    void waitingTooLongIsAFailure() throws Exception {
        try (RawServer server = RawServer.start(RawConnection::awaitClose);
                RawClient client = RawClient.connect(server.port(), Duration.ofMillis(50))) {
            assertThatThrownBy(client::readLine).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
