package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.ServerKind;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// Every kind of server from end to end: its models are found, listed and routed to, and its answers stream
/// through.
class KindsTest {

    private static final String MODEL = "Acme/Big Model-7b";

    /// The prefix of the kind's route, where its chat is below that, and its own list.
    private record Route(String prefix, String chat, String list) {}

    private static final Map<String, Route> ROUTES = Map.of(
            "ollama", new Route("ollama", "/v1/chat/completions", "/api/tags"),
            "lm-studio", new Route("lmstudio", "/v1/chat/completions", "/api/v0/models"),
            "lemonade", new Route("lemonade", "/api/v1/chat/completions", "/api/v1/models"),
            "docker-model-runner", new Route("dmr", "/engines/v1/chat/completions", "/engines/v1/models"),
            "openai-compatible", new Route("openai", "/v1/chat/completions", "/v1/models"));

    private static SimulatedServer server(ServerKind kind) {
        return SimulatedServer.of(kind, "box").model(MODEL).tokens(5).start();
    }

    private static Route route(ServerKind kind) {
        return ROUTES.getOrDefault(kind.type(), new Route(kind.type(), "/v1/chat/completions", "/v1/models"));
    }

    private static String chat(boolean stream) {
        return "{\"model\":\"" + MODEL + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    @ParameterizedTest
    @EnumSource(value = ServerKind.class, mode = EnumSource.Mode.EXCLUDE, names = "ANTHROPIC")
    void isDiscoveredListedRoutedAndStreamed(ServerKind kind) {
        try (SimulatedServer server = server(kind);
                TestGateway gateway = TestGateway.before(server)) {
            Route route = route(kind);
            String prefix = "/olla/" + route.prefix();
            Eventually.await(
                    "it is listed",
                    () -> gateway.get(prefix + route.list()).body().contains("\"" + MODEL + "\""));
            assertThat(gateway.json("/olla/proxy/v1/models").path("data").findValuesAsString("id"))
                    .containsExactly(MODEL);
            assertThat(gateway.json("/olla/models")
                            .at("/data/0/olla/availability/0/endpoint")
                            .asString())
                    .isEqualTo("box");

            HttpResponse<String> whole = gateway.post(prefix + route.chat(), chat(false));
            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body()).contains("box says");
            HttpResponse<String> streamed = gateway.post(prefix + route.chat(), chat(true));
            assertThat(streamed.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(streamed.body()).endsWith("data: [DONE]\n\n");
        }
    }

    @ParameterizedTest
    @EnumSource(value = ServerKind.class, mode = EnumSource.Mode.EXCLUDE, names = "ANTHROPIC")
    void isFoundOutWhereNobodyWroteIt(ServerKind kind) {
        try (SimulatedServer server = server(kind);
                TestGateway gateway = TestGateway.of("discovery:\n  static:\n    endpoints:\n"
                        + TestGateway.endpoint("box", server.uri().toString(), "auto"))) {
            Route route = route(kind);
            String path = "/olla/" + route.prefix() + route.list();
            Eventually.await("it is listed", () -> gateway.get(path).body().contains("\"" + MODEL + "\""));
            JsonNode shown = gateway.json("/internal/status/endpoints").at("/endpoints/0");
            assertThat(shown.path("type").asString()).isEqualTo(kind.type());
            assertThat(shown.path("configured_type").asString()).isEqualTo("auto");
            assertThat(shown.path("status").asString()).isEqualTo("healthy");
            assertThat(gateway.post("/olla/" + route.prefix() + route.chat(), chat(false))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.recorded().stream()
                            .filter(request -> !request.method().equals("GET"))
                            .map(request ->
                                    request.path().substring(request.path().lastIndexOf('/'))))
                    .as("nothing but GET finds out a kind; the rest is the chat and what an Ollama tells of a model")
                    .containsAnyOf("/completions")
                    .isSubsetOf("/completions", "/show");
        }
    }

    /// Its health page calls every model that is configured there, which costs money.
    @ParameterizedTest
    @EnumSource(value = ServerKind.class, names = "LITELLM")
    void theCostlyHealthPageOfLiteLlmIsNeverAsked(ServerKind kind) {
        try (SimulatedServer server = server(kind);
                TestGateway gateway = TestGateway.watching("discovery:\n  static:\n    endpoints:\n"
                        + TestGateway.endpoint("box", server.uri().toString(), "auto"))) {
            Eventually.await("it is probed by its own page", () -> server.requests("/health/liveness") > 2);
            assertThat(gateway.json("/internal/status/endpoints")
                            .at("/endpoints/0/type")
                            .asString())
                    .isEqualTo("litellm");
            assertThat(server.requests("/health")).isZero();
        }
    }
}
