package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a running program writes about itself and its requests.
final class LogsTest {

    private static final String CHAT = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    private Path folder;

    private int port;

    /// Runs the program with that configuration in front of one server, sends it requests of every kind, stops
    /// it, and returns what it wrote to standard output.
    private List<String> run(String yaml, Map<String, String> variables) throws Exception {
        port = FaultListener.closedPort();
        try (SimulatedServer server = SimulatedServer.ollama("box")
                .model("llama3.2:latest", 2_000_000_000L)
                .start()) {
            Files.writeString(folder.resolve("config.yaml"), yaml.formatted(port, server.uri()));
            Path out = folder.resolve("out");
            ProcessBuilder builder = MainTest.java(Main.class)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(folder.resolve("err").toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            try {
                Eventually.await("the port answers", this::answers);
                sendRequests();
            } finally {
                process.toHandle().destroy();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(process.exitValue()).isZero();
            return Files.readAllLines(out);
        }
    }

    private boolean answers() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void sendRequests() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            send(
                    client,
                    request("/olla/openai/v1/chat/completions?api_key=s3cret&x=1", "chat")
                            .header("Content-Type", "application/json")
                            .header("Accept", "text/x-test")
                            .header("Referer", "http://here/")
                            .header("User-Agent", "test/1")
                            .POST(BodyPublishers.ofString(CHAT)));
            send(
                    client,
                    request("/olla/openai/v1/chat/completions", "nobody")
                            .POST(BodyPublishers.ofString("{\"model\":\"nobody\",\"messages\":[]}")));
            send(client, request("/nowhere", "unknown").GET());
            send(client, request("/olla/nowhere/x", "unknown-provider").GET());
            send(client, request("/version", "wrong-method").POST(BodyPublishers.noBody()));
            send(client, request("/version", "page").GET());
            send(client, request("/internal/health", "poll").GET());
            send(
                    client,
                    request("/olla/openai/v1/chat/completions", "too-large")
                            .POST(BodyPublishers.ofString("x".repeat(9000))));
            send(
                    client,
                    request("/version", "large-head")
                            .header("X-Large", "x".repeat(5000))
                            .GET());
        }
    }

    private HttpRequest.Builder request(String path, String id) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Request-ID", id);
    }

    private static void send(HttpClient client, HttpRequest.Builder request) throws Exception {
        client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static final String YAML = """
            server:
              host: 127.0.0.1
              port: %d
              request_limits: {max_body_size: 8000, max_header_size: 4096}
            discovery: {static: {endpoints: [{url: "%s", name: box, type: ollama}]}}
            """;

    private static List<JsonNode> json(List<String> lines) {
        return lines.stream().map(TestGateway.JSON::readTree).toList();
    }

    private static List<String> of(List<JsonNode> lines, String id) {
        return lines.stream()
                .filter(line -> line.path("request_id").asString("").equals(id))
                .map(line -> line.get("level").asString() + " "
                        + line.get("msg").asString() + " " + line.path("status").asInt(0))
                .toList();
    }

    @Test
    void everyRequestHasItsLines() throws Exception {
        List<String> out = run(YAML, Map.of());
        List<JsonNode> lines = json(out);
        assertThat(of(lines, "chat"))
                .containsExactlyInAnyOrder(
                        "INFO Request received 0",
                        "INFO Request dispatching 0",
                        "INFO Request completed 200",
                        "INFO Access log 200");
        assertThat(of(lines, "nobody"))
                .containsExactly("INFO Request received 0", "WARN Request rejected 404", "INFO Access log 404");
        assertThat(of(lines, "unknown"))
                .containsExactly("INFO Request started 0", "INFO Request completed 404", "INFO Access log 404");
        assertThat(of(lines, "unknown-provider")).containsExactly("WARN Request rejected 404", "INFO Access log 404");
        assertThat(of(lines, "wrong-method"))
                .containsExactly("INFO Request started 0", "INFO Request completed 405", "INFO Access log 405");
        assertThat(of(lines, "page"))
                .containsExactly("INFO Request started 0", "INFO Request completed 200", "INFO Access log 200");
        assertThat(of(lines, "poll")).isEmpty();
        assertThat(of(lines, "too-large")).containsExactly("WARN Request rejected 413", "INFO Access log 413");
        assertThat(lines.stream().filter(line -> line.path("status").asInt(0) == 431))
                .extracting(line -> line.get("msg").asString())
                .contains("Request rejected", "Access log");
        assertThat(String.join("\n", out)).doesNotContain("s3cret");
        assertThat(folder.resolve("logs")).doesNotExist();
    }

    @Test
    void theAccessLineSaysWhoAskedWhatAndWhatItGot() throws Exception {
        JsonNode line = json(run(YAML, Map.of())).stream()
                .filter(entry -> entry.get("msg").asString().equals("Access log")
                        && entry.get("request_id").asString().equals("chat"))
                .findFirst()
                .orElseThrow();
        assertThat(line.get("remote_addr").asString()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(line.get("method").asString()).isEqualTo("POST");
        assertThat(line.get("path").asString()).isEqualTo("/olla/openai/v1/chat/completions");
        assertThat(line.get("query").asString()).isEqualTo("api_key=[REDACTED]&x=1");
        assertThat(line.get("bytes_in").asInt()).isEqualTo(CHAT.length());
        assertThat(line.get("bytes_out").asInt()).isPositive();
        assertThat(line.get("duration_ms").isIntegralNumber()).isTrue();
        assertThat(line.get("user_agent").asString()).isEqualTo("test/1");
        assertThat(line.get("referer").asString()).isEqualTo("http://here/");
        assertThat(line.get("content_type").asString()).isEqualTo("application/json");
        assertThat(line.get("accept").asString()).isEqualTo("text/x-test");
    }

    @Test
    void aStartAndAStopAreTold() throws Exception {
        List<JsonNode> lines = json(run(YAML + "engineering: {show_nerdstats: true}\n", Map.of()));
        assertThat(lines)
                .extracting(line -> line.get("msg").asString())
                .containsSubsequence(
                        "Olla is starting",
                        "Configuration loaded",
                        "Olla started",
                        "Stopping on SIGTERM",
                        "Runtime memory in bytes",
                        "Runtime threads",
                        "Requests served",
                        "Olla stopped");
        JsonNode starting = lines.getFirst();
        assertThat(starting.get("pid").asLong()).isPositive();
        assertThat(starting.get("processors").asInt()).isPositive();
        assertThat(starting.has("version")).isTrue();
        assertThat(lines.get(1).get("file").asString()).isEqualTo("config.yaml");
        JsonNode started = lines.stream()
                .filter(line -> line.get("msg").asString().equals("Olla started"))
                .findFirst()
                .orElseThrow();
        assertThat(started.get("transport").asString()).isIn("epoll", "nio");
        assertThat(started.get("url").asString()).isEqualTo("http://127.0.0.1:" + port);
    }

    @Test
    void withoutRequestLoggingOnlyWarningsAboutRequestsStay() throws Exception {
        List<JsonNode> lines = json(run(YAML.replace("server:\n", "server:\n  request_logging: false\n"), Map.of()));
        assertThat(of(lines, "chat")).isEmpty();
        assertThat(of(lines, "page")).isEmpty();
        assertThat(of(lines, "nobody")).containsExactly("WARN Request rejected 404");
        assertThat(of(lines, "too-large")).containsExactly("WARN Request rejected 413");
    }

    @Test
    void aFileGetsEverythingInJsonWhileTheTextConsoleGetsNoAccessLines() throws Exception {
        String logs = folder.resolve("elsewhere").toString();
        List<String> out =
                run(YAML + "logging: {format: text, output: file}\n", Map.of("OLLA_LOG_DIR", logs, "FORCE_COLOR", "1"));
        assertThat(out).noneMatch(line -> line.contains("Access log"));
        assertThat(out).anyMatch(line -> line.contains("\u001B[") && line.contains("Request completed"));
        List<String> file = Files.readAllLines(folder.resolve("elsewhere/olla.log"));
        assertThat(file).noneMatch(line -> line.contains("\u001B"));
        assertThat(of(json(file), "chat")).contains("INFO Request completed 200", "INFO Access log 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug", "DEBUG", "warning", "error"})
    void theLevelDecidesWhatIsWritten(String level) throws Exception {
        List<JsonNode> lines = json(run(YAML + "logging: {level: " + level + "}\n", Map.of()));
        List<String> levels = lines.stream()
                .map(line -> line.get("level").asString())
                .distinct()
                .toList();
        switch (level) {
            case "warning" -> assertThat(levels).containsExactly("WARN");
            case "error" -> assertThat(lines).isEmpty();
            default ->
                assertThat(of(lines, "poll"))
                        .containsExactly("DEBUG HTTP request started 0", "DEBUG HTTP request completed 200");
        }
    }

    @Test
    void plainTextIsForPipes() throws Exception {
        List<String> out = run(YAML, Map.of("OLLA_LOGGING_FORMAT", "text"));
        assertThat(out).allMatch(line -> line.startsWith("timestamp=\"") && line.contains(" level="));
        assertThat(out).noneMatch(line -> line.contains("Access log"));
    }
}
