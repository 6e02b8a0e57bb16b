package dev.olla.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A contender that has been started: where it listens, and its process if it has one.
record RunningContender(
        Contender contender, Target target, @Nullable Process process) {

    /// Long, because a gateway's command may build it first.
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
    private static final int PAUSE_MILLIS = 50;
    private static final int SHOWN_LOG_CHARACTERS = 2_000;

    String name() {
        return contender.name();
    }

    ProcessUsage usage() {
        return process == null ? new ProcessUsage(0, 0) : ProcessUsage.of(process.toHandle());
    }

    /// Waits until a small request through it is answered as the backend answers it.
    ///
    /// @throws IOException when it ends or does not answer in time, with the end of its log
    void awaitReady(Workspace workspace) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ATTEMPT_TIMEOUT)
                .build()) {
            String last = attempt(client);
            while (!last.isEmpty()) {
                if ((process != null && !process.isAlive()) || System.nanoTime() - deadline > 0) {
                    throw new IOException(name() + " is not ready: " + last + logEnd(workspace));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                last = attempt(client);
            }
        }
    }

    /// What is wrong with the answer; empty when nothing is.
    private String attempt(HttpClient client) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target.uri())
                .timeout(ATTEMPT_TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(new Prompt(1024, true, false).toJson()))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().equals(BenchProtocol.ANSWER)
                    ? ""
                    : "it answered " + answer.statusCode() + " " + answer.body();
        } catch (IOException notYet) {
            return notYet.toString();
        }
    }

    private String logEnd(Workspace workspace) throws IOException {
        if (!Files.exists(workspace.log(name()))) {
            return "";
        }
        String log = Files.readString(workspace.log(name()));
        return "\n" + log.substring(Math.max(0, log.length() - SHOWN_LOG_CHARACTERS));
    }
}
