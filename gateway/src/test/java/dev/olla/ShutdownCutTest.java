package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a running program says of the requests that its stop cuts.
final class ShutdownCutTest {

    private static final String CHAT = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String CUT = "cut by the shutdown: server.shutdown_timeout ran out";

    @TempDir
    private Path folder;

    @Test
    void aStreamIsNoClientThatLeft() throws Exception {
        List<JsonNode> lines = cut(SimulatedServer.ollama("box")
                .model("llama3.2:latest")
                .tokensPerSecond(2)
                .tokens(1000)
                .start());
        JsonNode failed = line(lines, "Request failed");
        assertThat(failed.get("result").asString()).isEqualTo("FAILED");
        assertThat(failed.get("status").asInt()).isEqualTo(200);
        assertThat(failed.get("error").asString()).isEqualTo(CUT);
        assertThat(line(lines, "Access log").get("error").asString()).isEqualTo(CUT);
        JsonNode served = line(lines, "Requests served");
        assertThat(served.get("failed").asInt()).isOne();
        assertThat(lines)
                .anyMatch(line ->
                        line.get("msg").asString().contains("server.shutdown_timeout of 1s500ms; they were cut"));
    }

    @Test
    void aRequestWithoutAnAnswerIsNoClientThatLeft() throws Exception {
        List<JsonNode> lines = cut(SimulatedServer.ollama("box")
                .model("llama3.2:latest")
                .timeToFirstToken(Duration.ofMinutes(10))
                .start());
        assertThat(line(lines, "Request failed").get("status").asInt()).isZero();
        assertThat(line(lines, "Access log").get("status").asInt()).isZero();
    }

    private static JsonNode line(List<JsonNode> lines, String message) {
        return lines.stream()
                .filter(line -> line.get("msg").asString().equals(message))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + message + " in " + lines));
    }

    /// Stops the program while it waits for the server's answer, and returns what it wrote.
    private List<JsonNode> cut(SimulatedServer server) throws Exception {
        int port = FaultListener.closedPort();
        Path out = folder.resolve("out");
        Files.writeString(folder.resolve("config.yaml"), """
                server: {host: 127.0.0.1, port: %d, shutdown_timeout: 1500ms}
                discovery: {static: {endpoints: [{url: "%s", name: box, type: ollama}]}}
                engineering: {show_nerdstats: true}
                """.formatted(port, server.uri()));
        Process process = MainTest.java(Main.class)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try (server;
                RawClient client = connected(port)) {
            client.send("POST", "/olla/proxy/api/chat", "", CHAT);
            Eventually.await("the request is under way", () -> text(out).contains("Request dispatching"));
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(out).stream().map(TestGateway.JSON::readTree).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient connected(int port) {
        RawClient[] client = new RawClient[1];
        Eventually.await("the port answers", () -> {
            try {
                client[0] = RawClient.connect(port);
                return true;
            } catch (IOException _) {
                return false;
            }
        });
        return client[0];
    }
}
