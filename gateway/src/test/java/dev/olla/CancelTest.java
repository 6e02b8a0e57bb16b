package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// A client that leaves ends its server's work at once, and nobody else is blamed.
class CancelTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";
    private static final String STREAM = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";

    /// How a client leaves.
    enum Leaving {
        CLOSE,
        RESET,
        HALF_CLOSE;

        void leave(RawClient client) throws IOException {
            switch (this) {
                case CLOSE -> client.close();
                case RESET -> client.reset();
                case HALF_CLOSE -> client.socket().shutdownOutput();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileTheServerIsSilent(Leaving leaving) throws Exception {
        try (SimulatedServer server = slow();
                TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT);
            Eventually.await("the server is at work", () -> server.requests("/v1/chat/completions") == 1);
            leaving.leave(client);
            Eventually.await("the server is told", () -> server.clientCloses() == 1);
            assertLeft(gateway, server.name(), 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void inTheMiddleOfAStream(Leaving leaving) throws Exception {
        try (SimulatedServer server = SimulatedServer.vllm("box")
                        .model("m")
                        .tokensPerSecond(20)
                        .tokens(10_000)
                        .start();
                TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", STREAM);
            client.readHead();
            assertThat(client.readChunk()).isNotNull();
            leaving.leave(client);
            Eventually.await("the server is told", () -> server.clientCloses() == 1);
            assertLeft(gateway, server.name(), 1);
        }
    }

    @Test
    void whileTheClientIsTooSlowToRead() throws Exception {
        try (SimulatedServer server =
                        SimulatedServer.vllm("box").model("m").tokens(2_000_000).start();
                TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", STREAM.replace("}", ",\"max_tokens\":2000000}"));
            client.readHead();
            client.reset();
            Eventually.await("the server is told", () -> server.clientCloses() == 1);
            assertLeft(gateway, server.name(), 1);
        }
    }

    @Test
    void whileAConnectionIsBeingOpened() throws Exception {
        try (SimulatedServer probed = SimulatedServer.vllm("probed").model("m").start();
                FaultListener full = FaultListener.full();
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "",
                        FaultEndpoints.probedElsewhere(
                                "stuck", full.url(), "vllm", 100, probed.uri().toString())));
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT);
            Eventually.await("an attempt is under way", () -> FaultStatus.inFlight(gateway, "stuck") == 1);
            Leaving.CLOSE.leave(client);
            assertLeft(gateway, "stuck", 1);
        }
    }

    /// An address that needs no look-up and can't exist fails before the call that tries it returns.
    @Test
    void afterAnEarlierAttemptFailedAtOnce() throws Exception {
        try (SimulatedServer probed = SimulatedServer.vllm("probed").model("m").start();
                FaultServer silent = FaultServer.start("silent", FaultServer.silent());
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority",
                        FaultEndpoints.probedElsewhere(
                                "nowhere",
                                "http://[fe80::1%25nosuch]:9",
                                "vllm",
                                200,
                                probed.uri().toString()),
                        FaultEndpoints.endpoint("silent", silent.url(), "vllm", 100)));
                RawClient client = gateway.raw()) {
            client.send("POST", PATH, "", CHAT);
            Eventually.await("the second server is at work", () -> silent.requests() == 1);
            assertThat(FaultStatus.endpoint(gateway, "nowhere")
                            .get("request_count")
                            .asInt())
                    .isEqualTo(1);
            Leaving.CLOSE.leave(client);
            Eventually.await("the second server is told", () -> silent.ended() == 1);
            assertLeft(gateway, "silent", 1);
        }
    }

    @Test
    void whileALargeBodyIsStillArriving() throws Exception {
        try (SimulatedServer server = slow();
                TestGateway gateway = TestGateway.before(server);
                RawClient client = gateway.raw()) {
            client.send("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n"
                    + "{\"model\":\"m\",\"x\":\"" + "x".repeat(1_000_000));
            Leaving.CLOSE.leave(client);
            Eventually.await(
                    "the next request is served",
                    () -> gateway.get("/internal/health").statusCode() == 200);
            assertThat(gateway.json("/internal/status")
                            .at("/system/total_requests")
                            .asInt())
                    .isZero();
            assertThat(server.requests("/v1/chat/completions")).isZero();
        }
    }

    @Test
    void tenLeaversChangeNothingButTheirOwnCount() throws Exception {
        try (SimulatedServer server = slow();
                TestGateway gateway = TestGateway.before(server)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                RawClient client = gateway.raw();
                clients.add(client);
                client.send("POST", PATH, "", i % 2 == 0 ? CHAT : STREAM);
            }
            Eventually.await("the server is at work", () -> server.activeExchanges() == 10);
            assertThat(FaultStatus.inFlight(gateway, "box")).isEqualTo(10);
            for (RawClient client : clients) {
                client.close();
            }
            Eventually.await("the server is told", () -> server.clientCloses() == 10);
            assertLeft(gateway, "box", 10);
            assertThat(FaultStatus.of(gateway, "box")).isEqualTo("healthy");
            assertThat(gateway.json("/internal/status").at("/system/status").asString())
                    .isEqualTo("healthy");
            server.fault(Fault.status(418));
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(418);
            assertThat(FaultStatus.endpoint(gateway, "box").get("success_rate").asString())
                    .isEqualTo("100%");
        }
    }

    /// The retry that a leaving client would have got is not made.
    @Test
    void noOtherServerIsTriedForAClientThatLeft() throws Exception {
        try (FaultServer silent = FaultServer.start("first", FaultServer.silent());
                SimulatedServer second =
                        SimulatedServer.vllm("second").model("m").start();
                TestGateway gateway = TestGateway.of(FaultEndpoints.config(
                        "load_balancer: priority",
                        FaultEndpoints.endpoint("first", silent.url(), "vllm", 200),
                        FaultEndpoints.endpoint("second", second.uri().toString(), "vllm", 100)));
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/metrics", "", "");
            Eventually.await("the first server is at work", () -> silent.requests() == 1);
            Leaving.CLOSE.leave(client);
            Eventually.await("the first server is told", () -> silent.ended() == 1);
            assertLeft(gateway, "first", 1);
            assertThat(second.requests("/metrics")).isZero();
        }
    }

    private static SimulatedServer slow() {
        return SimulatedServer.vllm("box")
                .model("m")
                .timeToFirstToken(Duration.ofMinutes(5))
                .start();
    }

    private static void assertLeft(TestGateway gateway, String endpoint, int leavers) {
        FaultStatus.awaitIdle(gateway, endpoint);
        Eventually.await(
                "the leavers are counted",
                () -> gateway.json("/internal/status")
                                .at("/system/requests_client_left")
                                .asInt()
                        == leavers);
        JsonNode system = gateway.json("/internal/status").get("system");
        assertThat(system.get("total_requests").asInt()).isEqualTo(leavers);
        assertThat(system.get("total_failures").asInt()).isZero();
        assertThat(system.get("active_connections").asInt()).isZero();
        JsonNode figures = FaultStatus.endpoint(gateway, endpoint);
        assertThat(figures.get("requests_client_left").asInt()).isEqualTo(leavers);
        assertThat(figures.get("status").asString()).isEqualTo("healthy");
    }
}
