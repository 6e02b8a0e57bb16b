package dev.olla.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The gateway of the demo as a child process, which ends together with its configuration file.
final class DemoGateway implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final Process process;
    private final Path configuration;
    private final URI models;

    private DemoGateway(Process process, Path configuration, URI models) {
        this.process = process;
        this.configuration = configuration;
        this.models = models;
    }

    /// Starts `command` with `-c` and the file appended, on this process's own terminal.
    static DemoGateway start(List<String> command, Path configuration, int port) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("-c", configuration.toString()));
        try {
            Process process = new ProcessBuilder(line).inheritIO().start();
            return new DemoGateway(process, configuration, URI.create("http://localhost:" + port + "/olla/models"));
        } catch (IOException e) {
            Files.deleteIfExists(configuration);
            throw e;
        }
    }

    boolean running() {
        return process.isAlive();
    }

    /// True once the gateway lists all these models, or at least some when patience ends.
    boolean awaitModels(Set<String> names) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String listed = "";
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            while (System.nanoTime() < end && !process.waitFor(POLL)) {
                listed = list(client);
                if (names.stream().allMatch(listed::contains)) {
                    return true;
                }
            }
        }
        return process.isAlive() && names.stream().anyMatch(listed::contains);
    }

    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(configuration);
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("demo: cannot delete " + configuration + ": " + e.getMessage());
        }
    }

    private String list(HttpClient client) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(models)
                    .timeout(Duration.ofSeconds(2))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException _) {
            return "";
        }
    }
}
