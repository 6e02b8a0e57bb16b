package dev.olla;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One Ollama that runs as a process of its own, with everything that it started.
///
/// However the tests end, their servers end with them.
final class RealOllamaServer implements AutoCloseable {

    /// The first start on a machine unpacks the program.
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private static final Set<RealOllamaServer> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(RealOllamaServer::close)));
    }

    private final Process process;
    private final int port;

    private RealOllamaServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// @param launch starts a program that prints `ready` once the server answers
    static RealOllamaServer start(ProcessBuilder launch, int port) {
        RealOllamaServer server;
        try {
            server = new RealOllamaServer(launch.redirectErrorStream(true).start(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RUNNING.add(server);
        try {
            server.awaitReady();
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private void awaitReady() {
        CompletableFuture<List<String>> untilReady = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                untilReady.complete(linesUntilReady());
            } catch (IOException e) {
                untilReady.completeExceptionally(e);
            }
        });
        try {
            List<String> lines = untilReady.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (lines.isEmpty() || !lines.getLast().startsWith("ready")) {
                throw new AssertionError("no Ollama on port " + port + ": " + lines);
            }
        } catch (TimeoutException e) {
            throw new AssertionError("no Ollama on port " + port + " within " + START_LIMIT, e);
        } catch (ExecutionException e) {
            throw new AssertionError("no Ollama on port " + port, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private List<String> linesUntilReady() throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith("ready")) {
                break;
            }
        }
        return lines;
    }

    int port() {
        return port;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Makes the model run in one thread: several spin while they wait for each other, which takes seconds per
    /// answer on a busy machine.
    void useOneThread(String model) {
        String body = "{\"model\":\"" + model + "\",\"from\":\"" + model
                + "\",\"parameters\":{\"num_thread\":1},\"stream\":false}";
        HttpRequest create = HttpRequest.newBuilder(URI.create(url() + "/api/create"))
                .POST(BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(create, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Ends the server and what runs its models as a crash does; returns when they are gone.
    void kill() {
        endForcibly(process.descendants().toList());
        close(); // the script that started it has files to remove
    }

    /// Ends it politely, and what doesn't follow soon by force.
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                endForcibly(List.of(process.toHandle()));
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        endForcibly(descendants);
        RUNNING.remove(this);
    }

    private static void endForcibly(List<ProcessHandle> handles) {
        handles.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle handle : handles) {
            try {
                handle.onExit().get(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                throw new AssertionError("process " + handle.pid() + " can't be ended", e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
