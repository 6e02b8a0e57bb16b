package dev.olla;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawConnection;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.ServerKind;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Endpoints of type `auto`: what counts as evidence, how long it is believed, and what holds before and after.
class AutoKindTest {

    @TempDir
    private Path folder;

    private static String yaml(SimulatedServer server) {
        return yaml(server.uri().toString());
    }

    private static String yaml(String url) {
        return "discovery:\n  model_discovery: {interval: 200ms}\n  static:\n    endpoints:\n"
                + TestGateway.endpoint("box", url, "auto");
    }

    private static String type(TestGateway gateway) {
        return gateway.json("/internal/status/endpoints")
                .at("/endpoints/0/type")
                .asString();
    }

    private static String chat(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    @Test
    void theKindThatWasFoundDecidesWhichRoutesLeadThere() {
        try (SimulatedServer server = SimulatedServer.vllm("box").model("m").start();
                TestGateway gateway = TestGateway.of(yaml(server))) {
            await("the kind is found", () -> type(gateway).equals("vllm"));
            assertThat(gateway.post("/olla/vllm/v1/chat/completions", chat("m")).statusCode())
                    .isEqualTo(200);
            assertThat(gateway.get("/olla/vllm/version").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/olla/sglang/version").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aServerThatGaveWayToAnotherIsFoundOutAnewWhenItIsBack() {
        SimulatedServer first = SimulatedServer.vllm("box").model("old").start();
        int port = first.port();
        try (TestGateway gateway = TestGateway.watching(yaml(first))) {
            await("the first kind is found", () -> type(gateway).equals("vllm"));
            first.close();
            await(
                    "it is missed",
                    () -> !gateway.json("/internal/status/endpoints")
                            .at("/endpoints/0/status")
                            .asString()
                            .equals("healthy"));
            try (SimulatedServer second =
                    SimulatedServer.ollama("box").model("new:latest").port(port).start()) {
                await("the second kind is found", () -> type(gateway).equals("ollama"));
                await(
                        "its models are listed",
                        () -> gateway.get("/olla/ollama/api/tags").body().contains("new:latest"));
                assertThat(second.name()).isEqualTo("box");
            }
        } finally {
            first.close();
        }
    }

    @Test
    void aServerThatChangesItsKindWithoutAnOutageIsFoundOutAnew() throws Exception {
        AtomicBoolean changed = new AtomicBoolean();
        Map<String, String> vllm = Map.of(
                "/health", "",
                "/version", "{\"version\":\"0.11.1\"}",
                "/v1/models", "{\"object\":\"list\",\"data\":[{\"id\":\"old\",\"owned_by\":\"vllm\"}]}");
        Map<String, String> ollama = Map.of(
                "/health", "",
                "/", "Ollama is running",
                "/api/version", "{\"version\":\"0.24.0\"}",
                "/api/ps", "{\"models\":[]}",
                "/api/tags", "{\"models\":[{\"name\":\"new:latest\"}]}");
        RawServer.Script script =
                connection -> serve(connection, "", path -> (changed.get() ? ollama : vllm).get(path));
        try (RawServer server = RawServer.start(script);
                TestGateway gateway = TestGateway.of(yaml("http://127.0.0.1:" + server.port()))) {
            await("the first kind is found", () -> type(gateway).equals("vllm"));
            await("its list is read", () -> gateway.get("/olla/models").body().contains("old"));
            changed.set(true);
            await("the second kind is found", () -> type(gateway).equals("ollama"));
            await("its list is read", () -> gateway.get("/olla/models").body().contains("new"));
            assertThat(gateway.get("/olla/models").body()).doesNotContain("old");
        }
    }

    @Test
    void anEndpointIsUpAndMayBeAnythingUntilItsKindIsFound() {
        try (SimulatedServer server = SimulatedServer.vllm("box")
                        .model("m")
                        .without("/v1/models", "/version")
                        .start();
                TestGateway gateway = TestGateway.of(yaml(server))) {
            await(
                    "its list was asked for",
                    () -> gateway.json("/internal/status/endpoints")
                            .at("/endpoints/0/advice/0")
                            .asString()
                            .equals("404: nothing at /v1/models: set model_url or type"));
            assertThat(gateway.json("/internal/status/endpoints")
                            .at("/endpoints/0/status")
                            .asString())
                    .isEqualTo("healthy");
            assertThat(gateway.get("/olla/sglang/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatFailsWhileItIsLookedAtIsNotTakenForAnother() {
        SimulatedServer server =
                SimulatedServer.of(ServerKind.SGLANG, "box").model("m").start();
        server.fault(new Fault.Status(503, null));
        try (server;
                TestGateway gateway = TestGateway.watching(yaml(server))) {
            await("it was looked at", () -> server.requests("/v1/models") > 1);
            server.clearFault();
            await("the kind is found", () -> type(gateway).equals("sglang"));
        }
    }

    @Test
    void aFieldThatNamesTheKindIsEnough() throws Exception {
        try (RawServer server = RawServer.start(
                        connection -> serve(connection, "X-Lemonade-Version: 9.1\r\n", _ -> "{\"data\":[]}"));
                TestGateway gateway = TestGateway.of(yaml("http://127.0.0.1:" + server.port()))) {
            await("the kind is found", () -> type(gateway).equals("lemonade"));
        }
    }

    @Test
    void theOwnersInAGatewaysListTellNothing() throws Exception {
        String list = "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"owned_by\":\"vllm\"},"
                + "{\"id\":\"b\",\"owned_by\":\"sglang\"}]}";
        RawServer.Script script = connection -> serve(connection, "", path -> path.equals("/v1/models") ? list : null);
        try (RawServer server = RawServer.start(script);
                TestGateway gateway = TestGateway.of(yaml("http://127.0.0.1:" + server.port()))) {
            await("the list is read", () -> gateway.get("/olla/models").body().contains("\"b\""));
            assertThat(type(gateway)).isEqualTo("openai-compatible");
        }
    }

    @Test
    void aKindOfOnesOwnIsKnownByAFieldOfItsAnswers() throws Exception {
        profile("detection: {headers: [X-Other, 'X-House-Server: house/']}\n");
        try (RawServer server = RawServer.start(
                        connection -> serve(connection, "X-House-Server: House/2.1\r\n", AutoKindTest::list));
                TestGateway gateway = TestGateway.in(folder, yaml("http://127.0.0.1:" + server.port()))) {
            await("the kind is found", () -> type(gateway).equals("house"));
            await(
                    "its models are listed",
                    () -> gateway.get("/olla/models").body().contains("\"m\""));
            assertThat(gateway.get("/olla/house/v1/models").body()).contains("\"m\"");
        }
    }

    @Test
    void aFieldWithAnotherValueTellsNothing() throws Exception {
        profile("detection: {headers: ['X-House-Server: house/']}\n");
        try (RawServer server = RawServer.start(
                        connection -> serve(connection, "X-House-Server: barn/1\r\n", AutoKindTest::list));
                TestGateway gateway = TestGateway.in(folder, yaml("http://127.0.0.1:" + server.port()))) {
            await("it is taken for any", () -> type(gateway).equals("openai-compatible"));
        }
    }

    @Test
    void aKindOfOnesOwnIsKnownByItsPathsAndByNothingButGet() throws Exception {
        profile("detection: {path_indicators: [/house/rooms, /house/state]}\n");
        Queue<String> methods = new ConcurrentLinkedQueue<>();
        RawServer.Script script = connection -> serve(connection, "", methods::add, path -> switch (path) {
            case "/house/rooms" -> "[\"kitchen\"]";
            case "/house/state" -> "{}";
            default -> list(path);
        });
        try (RawServer server = RawServer.start(script);
                TestGateway gateway = TestGateway.in(folder, yaml("http://127.0.0.1:" + server.port()))) {
            await("the kind is found", () -> type(gateway).equals("house"));
            assertThat(methods).containsOnly("GET");
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "<html>welcome</html>"})
    void oneOfItsPathsWithoutJsonMakesItAnyServer(@Nullable String other) throws Exception {
        profile("detection: {path_indicators: [/house/rooms, /house/state]}\n");
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        RawServer.Script script = connection -> serve(connection, "", _ -> {}, path -> {
            asked.add(path);
            return switch (path) {
                case "/house/rooms" -> "[\"kitchen\"]";
                case "/house/state" -> other;
                default -> list(path);
            };
        });
        try (RawServer server = RawServer.start(script);
                TestGateway gateway = TestGateway.in(folder, yaml("http://127.0.0.1:" + server.port()))) {
            await("the paths were tried", () -> asked.contains("/house/state"));
            await(
                    "its models are listed",
                    () -> gateway.get("/olla/models").body().contains("\"m\""));
            assertThat(type(gateway)).isEqualTo("openai-compatible");
        }
    }

    @Test
    void aHintThatAUserGivesToOneOfOurKindsCounts() throws Exception {
        profile("omlx", "detection: {headers: [X-House-Server]}\n");
        try (RawServer server =
                        RawServer.start(connection -> serve(connection, "X-House-Server: 1\r\n", AutoKindTest::list));
                TestGateway gateway = TestGateway.in(folder, yaml("http://127.0.0.1:" + server.port()))) {
            await("the kind is found", () -> type(gateway).equals("omlx"));
        }
    }

    @Test
    void whatOurOwnKindsAreKnownByComesFirst() throws Exception {
        profile("detection: {path_indicators: [/v1/models]}\n");
        try (SimulatedServer server = SimulatedServer.vllm("box").model("m").start();
                TestGateway gateway = TestGateway.in(folder, yaml(server))) {
            await("the kind is found", () -> type(gateway).equals("vllm"));
        }
    }

    private void profile(String yaml) throws IOException {
        profile("house", "api: {openai_compatible: true, paths: [/v1/models]}\nrouting: {prefixes: [house]}\n" + yaml);
    }

    private void profile(String name, String yaml) throws IOException {
        Path file = folder.resolve("config/profiles/mine.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "name: " + name + "\n" + yaml);
    }

    private static @Nullable String list(String path) {
        return path.equals("/v1/models") ? "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}" : null;
    }

    private static void serve(RawConnection connection, String fields, Function<String, @Nullable String> bodies)
            throws IOException {
        serve(connection, fields, _ -> {}, bodies);
    }

    /// @param methods hears the method of each request
    private static void serve(
            RawConnection connection,
            String fields,
            Consumer<String> methods,
            Function<String, @Nullable String> bodies)
            throws IOException {
        while (true) {
            String[] line = connection.readRequest().head().split(" ", 3);
            methods.accept(line[0]);
            String body = bodies.apply(line[1]);
            String status = body == null ? "404 Not Found" : "200 OK";
            String sent = body == null ? "" : body;
            connection.write(
                    "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + sent.length() + "\r\n\r\n" + sent);
        }
    }
}
