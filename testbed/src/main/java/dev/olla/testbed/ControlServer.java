package dev.olla.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The control of several simulated servers on a port of its own, which works while they refuse connections:
/// `/__testbed/NAME/fault` and so on, and `GET /__testbed/` for the list.
public final class ControlServer implements AutoCloseable {

    private static final String PREFIX = "/__testbed/";

    private final List<SimulatedServer> servers;
    private final HttpServer http;

    private ControlServer(List<SimulatedServer> servers, HttpServer http) {
        this.servers = List.copyOf(servers);
        this.http = http;
    }

    /// Listens on a port of 127.0.0.1; 0 means any free one.
    public static ControlServer start(int port, List<SimulatedServer> servers) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ControlServer control = new ControlServer(servers, http);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext(PREFIX, control::handle);
        http.start();
        return control;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer.Sized answer = answer(exchange);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private Answer.Sized answer(HttpExchange exchange) throws IOException {
        String[] nameAndRest =
                exchange.getRequestURI().getPath().substring(PREFIX.length()).split("/", 2);
        if (nameAndRest[0].isEmpty()) {
            return Answer.Sized.json(list());
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        String rest = nameAndRest.length < 2 ? "" : nameAndRest[1];
        return servers.stream()
                .filter(server -> server.name().equals(nameAndRest[0]))
                .findFirst()
                .map(server -> ControlRoutes.answer(server, exchange.getRequestMethod(), rest, body))
                .orElseGet(() -> Envelope.OLLAMA.answer(404, "no server named '" + nameAndRest[0] + "'"));
    }

    private JsonNode list() {
        ArrayNode list = Json.array();
        for (SimulatedServer server : servers) {
            list.add(Json.object()
                    .put("name", server.name())
                    .put("kind", server.kind().toString())
                    .put("uri", server.uri().toString()));
        }
        return Json.object().set("servers", list);
    }
}
