package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// One of two real Ollamas is killed while both work.
@RealOllama
class RealOllamaFailoverTest {

    private static final int WORKERS = 4;

    /// Answers that must have come, from each server before the death and altogether after it.
    private static final int ENOUGH = 10;

    private static final String MODEL = "\"model\":\"llama3.2\"";
    private static final String MESSAGES = ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    /// With this seed and heat both releases talk for seconds, where they are let.
    private static final String TALK = "{" + MODEL + ",\"prompt\":\"hi\",\"options\":{\"seed\":12,\"temperature\":2";

    private static final List<Call> CALLS = List.of(
            new Call("/api/generate", "{" + MODEL + ",\"prompt\":\"hi\",\"stream\":false}", false, "\"done\":true"),
            new Call("/api/chat", "{" + MODEL + MESSAGES + "}", true, "\"done\":true"),
            new Call("/api/embed", "{" + MODEL + ",\"input\":\"hi\"}", false, "\"embeddings\":[["),
            new Call("/v1/chat/completions", "{" + MODEL + MESSAGES + ",\"stream\":true}", true, "data: [DONE]"),
            new Call("/v1/completions", "{" + MODEL + ",\"prompt\":\"hi\"}", false, "\"finish_reason\":"),
            new Call("/api/show", "{" + MODEL + "}", false, "\"model_info\""));

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RealOllamaFleet fleet = new RealOllamaFleet();

    /// @param proof is part of a complete answer only
    private record Call(String path, String body, boolean streams, String proof) {}

    /// @param problem what was wrong; empty when nothing was
    private record Outcome(Call call, String endpoint, String problem) {

        boolean failed() {
            return !problem.isEmpty();
        }

        /// A stream that has begun can't be taken over by another server.
        boolean excusable() {
            return call.streams() && endpoint.equals(RealOllamaFleet.B);
        }
    }

    @AfterEach
    void close() {
        client.close();
        fleet.close();
    }

    @Test
    void noRequestFailsThatWasNotStreamingFromTheKilledServer() throws InterruptedException {
        ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            int first = i;
            workers.add(Thread.ofVirtual().start(() -> {
                for (int turn = first; !enough.get(); turn++) {
                    outcomes.add(outcome(CALLS.get(turn % CALLS.size())));
                }
            }));
        }
        try {
            RealOllamaFleet.BOTH.forEach(endpoint -> Eventually.await(
                    "answers from " + endpoint,
                    () -> count(outcomes, outcome -> outcome.endpoint().equals(endpoint)) >= ENOUGH));
            fleet.killB();
            int atDeath = outcomes.size();
            Eventually.await("answers after the death", () -> outcomes.size() >= atDeath + WORKERS * ENOUGH);
        } finally {
            enough.set(true);
            for (Thread worker : workers) {
                worker.join();
            }
        }
        assertThat(outcomes).noneMatch(outcome -> outcome.failed() && !outcome.excusable());
    }

    private static long count(Iterable<Outcome> outcomes, Predicate<Outcome> wanted) {
        long count = 0;
        for (Outcome outcome : outcomes) {
            count += wanted.test(outcome) ? 1 : 0;
        }
        return count;
    }

    private Outcome outcome(Call call) {
        String endpoint = "nobody";
        try {
            HttpResponse<InputStream> answer = send(call.path(), call.body());
            endpoint = endpoint(answer);
            try (InputStream body = answer.body()) {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                boolean good = answer.statusCode() == 200 && text.contains(call.proof());
                return new Outcome(call, endpoint, good ? "" : answer.statusCode() + " " + text);
            }
        } catch (IOException e) {
            return new Outcome(call, endpoint, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(call, endpoint, e.toString());
        }
    }

    private HttpResponse<InputStream> send(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(fleet.gateway().uri("/olla/ollama" + path))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofInputStream());
    }

    private static String endpoint(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Olla-Endpoint").orElse("the gateway itself");
    }

    @Test
    void anAnswerAwaitedFromTheKilledServerComesFromTheOther() throws Exception {
        Call call =
                new Call("/api/generate", TALK + ",\"num_predict\":2000},\"stream\":false}", false, "\"done\":true");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> one = threads.submit(() -> outcome(call));
            Future<Outcome> two = threads.submit(() -> outcome(call));
            Eventually.await("the doomed server works", this::loadedByB);
            fleet.killB();
            Outcome expected = new Outcome(call, RealOllamaFleet.A, "");
            assertThat(List.of(one.get(), two.get())).containsExactly(expected, expected);
        }
    }

    /// Whether the doomed server has loaded the model, as it does for the first request.
    private boolean loadedByB() {
        return fleet.askDirectly(RealOllamaFleet.B, "GET", "/api/ps", null)
                .body()
                .contains("llama3.2");
    }

    @Test
    void aStreamFromTheKilledServerDoesNotLookComplete() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = send("/api/generate", TALK + ",\"num_predict\":2000}}");
        if (!endpoint(answer).equals(RealOllamaFleet.B)) {
            answer.body().close();
            answer = send("/api/generate", TALK + ",\"num_predict\":2000}}");
        }
        assertThat(endpoint(answer)).isEqualTo(RealOllamaFleet.B);
        List<String> lines = new ArrayList<>();
        boolean broken = false;
        try (BufferedReader body = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.add(body.readLine());
            fleet.killB();
            for (String line = body.readLine(); line != null; line = body.readLine()) {
                lines.add(line);
            }
        } catch (IOException _) {
            broken = true;
        }
        assertThat(broken).isTrue();
        assertThat(lines.getFirst()).contains("\"done\":false");
        assertThat(lines).noneMatch(line -> line.contains("\"done\":true"));
    }

    @Test
    void aModelOfTheKilledServerAloneIs503AndServedAgainAfterItsRestart() {
        String body = "{\"model\":\"only-b:1b\",\"prompt\":\"hi\",\"stream\":false}";
        assertThat(ask(body).statusCode()).isEqualTo(200);
        fleet.killB();
        Eventually.await("503 for the model of the dead server", () -> {
            int status = ask(body).statusCode();
            assertThat(status).isIn(502, 503); // 502 for whoever finds it dead
            return status == 503;
        });
        HttpResponse<String> unavailable = ask(body);
        assertThat(unavailable.headers().firstValue("X-Olla-Routing-Reason")).hasValue("model_unavailable");
        assertThat(unavailable.body()).isEqualTo("{\"error\":\"model_unavailable\"}");
        assertThat(ask(body.replace("only-b:1b", "nobody")).statusCode()).isEqualTo(404);
        assertThat(listed()).contains("llama3.2:latest").doesNotContain("only-b:1b");
        fleet.restartB();
        Eventually.await("served again", () -> {
            HttpResponse<String> answer = ask(body);
            return answer.statusCode() == 200 && endpoint(answer).equals(RealOllamaFleet.B);
        });
        Eventually.await("listed again", () -> listed().contains("only-b:1b"));
    }

    private HttpResponse<String> ask(String body) {
        return fleet.ask("POST", "/olla/ollama/api/generate", body);
    }

    private List<String> listed() {
        List<String> names = new ArrayList<>();
        for (JsonNode entry : fleet.gateway().json("/olla/ollama/api/tags").path("models")) {
            names.add(entry.path("name").asString());
        }
        return names;
    }
}
