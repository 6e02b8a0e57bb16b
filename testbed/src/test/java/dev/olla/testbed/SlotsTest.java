package dev.olla.testbed;

import static dev.olla.testbed.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SlotsTest {

    private final Http http = new Http();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void requestsBeyondTheSlotsWaitInOrder() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a")
                        .model("m")
                        .slots(1)
                        .timeToFirstToken(Duration.ofMillis(60))
                        .start();
                RawClient first = generate(server, "m");
                RawClient second = generateAfter(server, 1);
                RawClient third = generateAfter(server, 2)) {
            eventually("two wait", () -> server.waitingForSlot() == 2);

            first.readResponse();
            second.readResponse();
            eventually("nobody waits", () -> server.waitingForSlot() == 0);
            assertThat(third.readResponse().complete()).isTrue();
        }
    }

    @Test
    void aClientThatLeavesFreesItsSlot() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a")
                .model("m")
                .slots(1)
                .tokensPerSecond(1)
                .tokens(1000)
                .start()) {
            RawClient first = generate(server, "m");
            first.readHead();
            RawClient second = generateAfter(server, 1);
            eventually("the second waits", () -> server.waitingForSlot() == 1);

            first.close();

            second.readHead();
            assertThat(server.waitingForSlot()).isZero();
            assertThat(server.clientCloses()).isEqualTo(1);
            second.close();
        }
    }

    @Test
    void aClientThatLeavesTheQueueIsForgotten() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a")
                        .model("m")
                        .slots(1)
                        .tokensPerSecond(1)
                        .start();
                RawClient first = generate(server, "m")) {
            first.readHead();
            RawClient second = generateAfter(server, 1);
            eventually("the second waits", () -> server.waitingForSlot() == 1);

            second.close();

            eventually("the queue is empty", () -> server.waitingForSlot() == 0);
            assertThat(server.activeExchanges()).isEqualTo(1);
        }
    }

    @Test
    void aModelIsLoadedOnceAndThenStays() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a")
                .model("m:latest")
                .coldLoad(Duration.ofMillis(50))
                .start()) {
            assertThat(running(server)).isEmpty();

            JsonNode cold = Http.json(http.post(server, "/api/generate", prompt("m")));
            JsonNode warm = Http.json(http.post(server, "/api/generate", prompt("m")));

            assertThat(cold.get("load_duration").asLong()).isBetween(10_000_000L, 50_000_000L);
            assertThat(cold.get("total_duration").asLong()).isGreaterThanOrEqualTo(50_000_000L);
            assertThat(warm.get("load_duration").asLong()).isZero();
            assertThat(server.modelLoads()).isEqualTo(1);
            assertThat(running(server)).containsExactly("m:latest");
        }
    }

    @Test
    void theModelUnusedForLongestIsPushedOut() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a")
                .model("a:1")
                .model("b:1")
                .model("c:1")
                .residentModels(2)
                .start()) {
            for (String model : new String[] {"a:1", "b:1", "a:1", "c:1"}) {
                http.post(server, "/api/generate", prompt(model));
            }

            assertThat(running(server)).containsExactly("a:1", "c:1");
            assertThat(server.modelLoads()).isEqualTo(3);
        }
    }

    @Test
    void aModelAtWorkIsNeverPushedOut() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a")
                        .model("a:1")
                        .model("b:1")
                        .residentModels(1)
                        .tokensPerSecond(1)
                        .tokens(1000)
                        .start();
                RawClient busy = generate(server, "a:1")) {
            busy.readHead();
            RawClient other = generate(server, "b:1");
            eventually("the other model waits", () -> server.waitingForSlot() == 1);

            busy.reset();

            other.readHead();
            assertThat(running(server)).containsExactly("b:1");
            other.close();
        }
    }

    @Test
    void keepAliveOfZeroUnloads() throws Exception {
        try (SimulatedServer server =
                SimulatedServer.ollama("box-a").model("a:1").residentModels(1).start()) {
            http.post(server, "/api/generate", prompt("a:1"));

            http.post(server, "/api/generate", "{\"model\":\"a:1\",\"keep_alive\":0}");

            assertThat(running(server)).isEmpty();
        }
    }

    private Iterable<String> running(SimulatedServer server) throws Exception {
        return Http.json(http.get(server, "/api/ps"))
                .get("models")
                .valueStream()
                .map(model -> model.get("name").asString())
                .toList();
    }

    private static RawClient generateAfter(SimulatedServer server, int active) throws Exception {
        eventually("those before have arrived", () -> server.activeExchanges() == active);
        return generate(server, "m");
    }

    private static RawClient generate(SimulatedServer server, String model) throws Exception {
        RawClient client = RawClient.connect(server.port());
        client.send("POST", "/api/generate", "", "{\"model\":\"" + model + "\",\"prompt\":\"hi\"}");
        return client;
    }

    private static String prompt(String model) {
        return "{\"model\":\"" + model + "\",\"prompt\":\"hi\",\"stream\":false}";
    }
}
