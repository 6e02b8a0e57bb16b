package dev.olla;

import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawConnection.RawRequest;
import dev.olla.testbed.RawServer;
import java.io.EOFException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// A server whose probes and model lists work and whose answers are played by a script: for faults that must not show
/// before a request comes.
final class FaultServer implements AutoCloseable {

    static final String MODEL = "m";

    private static final Set<String> PROBES =
            Set.of("/", "/health", "/api/tags", "/api/ps", "/api/show", "/v1/models", "/version", "/api/version");

    private final String name;
    private final Play play;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger closedByClient = new AtomicInteger();
    private final RawServer server;

    private FaultServer(String name, Play play) {
        this.name = name;
        this.play = play;
        this.server = RawServer.start(this::serve);
    }

    /// What becomes of one request; the connection is closed afterwards.
    @FunctionalInterface
    interface Play {
        void run(RawConnection connection, RawRequest request) throws IOException, InterruptedException;
    }

    static FaultServer start(String name, Play play) {
        return new FaultServer(name, play);
    }

    /// Waits for the client to close, and counts that.
    static Play silent() {
        return (connection, _) -> connection.awaitClose();
    }

    /// Sends these bytes and closes.
    static Play answering(String bytes) {
        return (connection, _) -> connection.write(bytes);
    }

    /// A whole answer.
    static String answer(int status, String type, String body) {
        return "HTTP/1.1 %d Any\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, type, body.length(), body);
    }

    /// The head of a chunked answer.
    static String streamHead(String type) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    /// Requests that were neither probes nor lists.
    int requests() {
        return requests.get();
    }

    /// Requests whose connection the other side closed while the script ran [RawConnection#awaitClose] at its end.
    int ended() {
        return closedByClient.get();
    }

    String url() {
        return server.uri().toString();
    }

    int port() {
        return server.port();
    }

    String yaml(String type) {
        return TestGateway.endpoint(name, url(), type);
    }

    private void serve(RawConnection connection) throws IOException, InterruptedException {
        while (true) {
            RawRequest request;
            try {
                request = connection.readRequest();
            } catch (EOFException _) {
                return;
            }
            String path = request.head().split(" ", 3)[1];
            if (!PROBES.contains(path)) {
                requests.incrementAndGet();
                play.run(connection, request);
                closedByClient.incrementAndGet();
                return;
            }
            connection.write(answer(200, "application/json", list(path)));
        }
    }

    private static String list(String path) {
        return path.equals("/api/tags")
                ? "{\"models\":[{\"name\":\"" + MODEL + ":latest\",\"model\":\"" + MODEL + ":latest\"}]}"
                : "{\"object\":\"list\",\"data\":[{\"id\":\"" + MODEL + "\",\"object\":\"model\"}]}";
    }

    @Override
    public void close() {
        server.close();
    }
}
