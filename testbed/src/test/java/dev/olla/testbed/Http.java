package dev.olla.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// A client for tests, with a limit on every wait.
final class Http implements AutoCloseable {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    HttpResponse<String> get(SimulatedServer server, String path) throws IOException, InterruptedException {
        return send(request(server, path));
    }

    HttpResponse<String> post(SimulatedServer server, String path, String body)
            throws IOException, InterruptedException {
        return send(request(server, path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> put(SimulatedServer server, String path, String body)
            throws IOException, InterruptedException {
        return send(request(server, path).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> delete(SimulatedServer server, String path) throws IOException, InterruptedException {
        return send(request(server, path).DELETE());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest.Builder request(SimulatedServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + path)).timeout(Duration.ofSeconds(10));
    }

    static JsonNode json(HttpResponse<String> response) {
        return Json.MAPPER.readTree(response.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
