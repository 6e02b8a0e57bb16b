import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One short life of a gateway in front of a made-up server, from which its JVM writes an AOT cache.
///
/// The launcher runs this source file with `java TrainAotCache.java CACHE COMMAND...`, where COMMAND
/// starts the gateway. It needs nothing but the JDK, sees none of the user's configuration, and ends
/// with 0 only when CACHE is complete.
public final class TrainAotCache {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String CHAT =
            "{\"model\":\"training\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String ANSWER = "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"training\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";
    private static final String EVENT = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"training\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    public static void main(String[] args) throws IOException, InterruptedException {
        Path cache = Path.of(args[0]);
        List<String> command = Arrays.asList(args).subList(1, args.length);
        HttpServer backend = startBackend();
        try {
            boolean trained = new TrainAotCache().train(command, backend.getAddress().getPort());
            System.exit(trained && Files.exists(cache) ? 0 : 1);
        } finally {
            backend.stop(0);
        }
    }

    private boolean train(List<String> command, int backendPort) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("olla-training");
        int port = freePort();
        Files.writeString(folder.resolve("config.yaml"), """
                server:
                  host: "127.0.0.1"
                  port: %d
                  rate_limits: {global_requests_per_minute: 0, per_ip_requests_per_minute: 0, health_requests_per_minute: 0}
                discovery:
                  type: static
                  static:
                    endpoints:
                      - name: training
                        url: "http://127.0.0.1:%d"
                        type: openai
                """.formatted(port, backendPort));
        Process gateway = start(command, folder);
        try {
            boolean started = answers(gateway, "http://127.0.0.1:" + port + "/internal/health");
            if (started) {
                visit("http://127.0.0.1:" + port);
            }
            gateway.destroy();
            return gateway.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS) && started;
        } finally {
            gateway.descendants().forEach(ProcessHandle::destroyForcibly);
            gateway.destroyForcibly();
            Files.deleteIfExists(folder.resolve("config.yaml"));
            Files.deleteIfExists(folder);
        }
    }

    private static Process start(List<String> command, Path folder) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.add("--config");
        line.add(folder.resolve("config.yaml").toString());
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile()).inheritIO();
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("OLLA_") || name.equals("JAVA_TOOL_OPTIONS") || name.equals("JDK_JAVA_OPTIONS"));
        return builder.start();
    }

    private boolean answers(Process gateway, String url) throws InterruptedException {
        Instant end = Instant.now().plus(START_LIMIT);
        while (gateway.isAlive() && Instant.now().isBefore(end)) {
            if (get(url) == 200) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    private void visit(String gateway) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(3);
        while (get(gateway + "/internal/ready") == 503 && Instant.now().isBefore(end)) {
            Thread.sleep(50);
        }
        get(gateway + "/internal/status");
        get(gateway + "/olla/proxy/v1/models");
        for (String stream : List.of("false", "true")) {
            post(gateway + "/olla/proxy/v1/chat/completions", CHAT.formatted(stream));
            post(gateway + "/olla/anthropic/v1/messages", CHAT.formatted(stream));
        }
    }

    private int get(String url) throws InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    private int post(String url, String body) throws InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// The status of the answer, or 0 when there was none. Training goes on either way.
    private int send(HttpRequest.Builder request) throws InterruptedException {
        try {
            return client.send(request.timeout(Duration.ofSeconds(2)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static HttpServer startBackend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", TrainAotCache::reply);
        server.start();
        return server;
    }

    private static void reply(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean stream = request.contains("\"stream\":true");
        String body = "{\"object\":\"list\",\"data\":[{\"id\":\"training\",\"object\":\"model\",\"created\":1}]}";
        if (exchange.getRequestMethod().equals("POST")) {
            body = stream ? EVENT.repeat(20) + "data: [DONE]\n\n" : ANSWER;
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", stream ? "text/event-stream" : "application/json");
        exchange.sendResponseHeaders(200, stream ? 0 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
