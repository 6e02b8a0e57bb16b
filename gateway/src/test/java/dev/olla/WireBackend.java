package dev.olla;

import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server with the bare socket behind a gateway: it looks healthy and has one model, `m` unless it is told
/// another, and its script answers what is proxied.
final class WireBackend implements AutoCloseable {

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

    /// The beginning of a stream of events.
    static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<RawConnection, Integer> served = new ConcurrentHashMap<>();
    private final RawServer server;
    private final Script script;
    private final String models;

    /// What is done with one proxied request, whose head has been read.
    @FunctionalInterface
    interface Script {
        void run(RawConnection connection, String head) throws IOException, InterruptedException;
    }

    private WireBackend(String model, Script script) {
        this.models = "{\"object\":\"list\",\"data\":[{\"id\":\"" + model + "\",\"object\":\"model\"}]}";
        this.script = script;
        this.server = RawServer.start(this::serve);
    }

    static WireBackend start(Script script) {
        return new WireBackend("m", script);
    }

    /// With a model of that name.
    static WireBackend start(String model, Script script) {
        return new WireBackend(model, script);
    }

    /// Reads each request whole, then streams these events, each as it is.
    static WireBackend streaming(String... events) {
        return start((connection, head) -> {
            connection.read(bodyLength(head));
            connection.write(EVENTS);
            for (String event : events) {
                connection.writeChunk(event);
            }
            connection.writeChunk("");
        });
    }

    /// Reads each request whole, then sends these bytes.
    static WireBackend answering(String bytes) {
        return start((connection, head) -> {
            connection.read(bodyLength(head));
            connection.write(bytes);
        });
    }

    private void serve(RawConnection connection) throws IOException, InterruptedException {
        while (!connection.socket().isClosed()) {
            String head = connection.readHead();
            if (head.contains("X-Proxied-By: ")) {
                served.merge(connection, 1, Integer::sum);
                requests.add(head);
                script.run(connection, head);
            } else {
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + models.length() + "\r\n\r\n" + models);
            }
        }
    }

    static int bodyLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .findFirst()
                .orElse(0);
    }

    /// A gateway before this server alone.
    ///
    /// @param yaml further sections of the configuration
    TestGateway gateway(String yaml) {
        return TestGateway.of(yaml + "discovery:\n  static:\n    endpoints:\n" + endpoint());
    }

    String endpoint() {
        return TestGateway.endpoint("raw", server.uri().toString(), "openai-compatible");
    }

    /// The configuration of an endpoint elsewhere whose probes come here, so that its faults are met by requests.
    String vouchingFor(String url) {
        return "discovery:\n  static:\n    endpoints:\n      - {url: \"" + url + "\", name: other, "
                + "type: openai-compatible, health_check_url: \"" + server.uri() + "/health\", model_url: \""
                + server.uri() + "/v1/models\", check_interval: 1s, check_timeout: 500ms}\n";
    }

    int port() {
        return server.port();
    }

    /// The heads of the proxied requests so far.
    List<String> requests() {
        return requests;
    }

    /// The connections that had at least so many proxied requests.
    List<RawConnection> connectionsThatServed(int count) {
        return served.entrySet().stream()
                .filter(entry -> entry.getValue() >= count)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
