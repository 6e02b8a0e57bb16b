package dev.olla;

import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import dev.olla.testbed.SimulatedServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A kind of server that speaks one format only; a gateway knows those that aren't built in by profiles of the
/// user's own.
enum OneFormat {
    CHAT("openai-compatible", "/v1/chat/completions"),
    OLLAMA("ollama-only", "/api/chat"),
    MESSAGES("messages-only", "/v1/messages");

    static final String MODEL = "qwen3:8b";

    private static final String OLLAMA_PROFILE = """
            name: ollama-only
            api:
              openai_compatible: false
              model_discovery_path: /api/tags
              health_check_path: /
              paths: [/api/tags, /api/show, /api/chat, /api/generate, /api/embed, /api/embeddings]
            request: {response_format: ollama}
            """;

    private static final String MESSAGES_PROFILE = """
            name: messages-only
            api:
              openai_compatible: false
              model_discovery_path: /v1/models
              health_check_path: /health
              paths: [/v1/models]
              anthropic_support: {enabled: true}
            """;

    private final String type;
    private final String path;

    OneFormat(String type, String path) {
        this.type = type;
        this.path = path;
    }

    /// How a gateway's configuration calls such a server.
    String type() {
        return type;
    }

    /// Where it is asked to go on with a conversation.
    String path() {
        return path;
    }

    /// A server with one model that says four words, and answers other formats with 404.
    SimulatedServerBuilder server(String name) {
        SimulatedServerBuilder server = switch (this) {
            case CHAT -> SimulatedServer.openai(name);
            case OLLAMA ->
                SimulatedServer.ollama(name)
                        .without(
                                "/v1/chat/completions",
                                "/v1/completions",
                                "/v1/embeddings",
                                "/v1/messages",
                                "/v1/models");
            case MESSAGES -> SimulatedServer.anthropic(name);
        };
        return server.model(MODEL).tokens(4);
    }

    /// The configuration of that server as an endpoint.
    String endpoint(SimulatedServer server) {
        return TestGateway.endpoint(server.name(), server.uri().toString(), type);
    }

    /// Writes the profiles of these kinds to where a gateway that is started in the folder finds them.
    static void writeProfiles(Path folder) {
        try {
            Path profiles = Files.createDirectories(folder.resolve("config/profiles"));
            Files.writeString(profiles.resolve("ollama-only.yaml"), OLLAMA_PROFILE);
            Files.writeString(profiles.resolve("messages-only.yaml"), MESSAGES_PROFILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A gateway that knows these kinds.
    ///
    /// @param settings further sections of the configuration
    /// @param endpoints lines that [#endpoint] gave
    static TestGateway gateway(Path folder, String settings, String... endpoints) {
        writeProfiles(folder);
        TestGateway gateway = TestGateway.in(
                folder, settings + "discovery:\n  static:\n    endpoints:\n" + String.join("", endpoints));
        Eventually.await(
                "all " + endpoints.length + " are listed",
                () -> gateway.json("/olla/models")
                                .at("/data/0/olla/availability")
                                .size()
                        == endpoints.length);
        return gateway;
    }

    /// What the server was told of the results of tools: `name=result` for each, the name being the one of the call
    /// that it belongs to.
    List<String> results(RecordedRequest request) {
        Map<String, String> names = new HashMap<>();
        List<String> results = new ArrayList<>();
        for (JsonNode message : messages(request)) {
            switch (this) {
                case CHAT -> {
                    message.path("tool_calls")
                            .forEach(call -> names.put(text(call, "/id"), text(call, "/function/name")));
                    if (text(message, "/role").equals("tool")) {
                        results.add(names.get(text(message, "/tool_call_id")) + '=' + text(message, "/content"));
                    }
                }
                case OLLAMA -> {
                    if (text(message, "/role").equals("tool")) {
                        results.add(text(message, "/tool_name") + '=' + text(message, "/content"));
                    }
                }
                case MESSAGES -> {
                    for (JsonNode block : message.path("content")) {
                        names.put(text(block, "/id"), text(block, "/name"));
                        if (text(block, "/type").equals("tool_result")) {
                            String result = block.path("content").isArray() ? "/content/0/text" : "/content";
                            results.add(names.get(text(block, "/tool_use_id")) + '=' + text(block, result));
                        }
                    }
                }
            }
        }
        return results;
    }

    /// The images that the server was shown, in base64.
    List<String> images(RecordedRequest request) {
        List<String> images = new ArrayList<>();
        for (JsonNode message : messages(request)) {
            switch (this) {
                case CHAT ->
                    message.path("content")
                            .forEach(part ->
                                    images.add(text(part, "/image_url/url").replace("data:image/png;base64,", "")));
                case OLLAMA -> message.path("images").forEach(image -> images.add(image.asString()));
                case MESSAGES -> message.path("content").forEach(block -> images.add(text(block, "/source/data")));
            }
        }
        images.removeIf(String::isEmpty);
        return images;
    }

    private static JsonNode messages(RecordedRequest request) {
        return JsonMapper.shared().readTree(request.body()).path("messages");
    }

    private static String text(JsonNode node, String pointer) {
        return node.at(pointer).asString("");
    }
}
