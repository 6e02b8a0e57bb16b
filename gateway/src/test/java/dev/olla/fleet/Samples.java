package dev.olla.fleet;

import dev.olla.http.Body;
import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Endpoints, models and answers for tests.
final class Samples {

    static final BackendProfile OLLAMA = profile("ollama", "/api/tags", "/", "ollama", "/api/chat", "/v1/models");
    static final BackendProfile VLLM = profile("vllm", "/v1/models", "/health", "vllm", "/v1/models");
    static final BackendProfile OPENAI =
            profile("openai-compatible", "/v1/models", "/v1/models", "openai", "/v1/models");
    static final Map<String, BackendProfile> PROFILES =
            Map.of("ollama", OLLAMA, "vllm", VLLM, "openai-compatible", OPENAI, "auto", OPENAI);

    private Samples() {}

    private static BackendProfile profile(
            String name, String discoveryPath, String healthPath, String format, String... paths) {
        ProfileApi api = new ProfileApi(true, List.of(paths), discoveryPath, healthPath, AnthropicSupport.NONE);
        return new BackendProfile(name, api, ParsingRules.of(format));
    }

    /// Endpoints with these settings, at their positions.
    static List<Endpoint> endpoints(EndpointSettings... settings) {
        return Endpoints.of(List.of(settings), PROFILES::get, CircuitBreakerSettings.DEFAULTS, System::nanoTime);
    }

    static Endpoint endpoint(EndpointSettings settings) {
        return endpoints(settings).getFirst();
    }

    /// `http://<name>` of that type, probed every so many milliseconds.
    static EndpointSettings settings(String name, String type, long intervalMillis) {
        return settings(name, type, intervalMillis, null, null, NameFilter.ALL, Map.of());
    }

    static EndpointSettings settings(
            String name,
            String type,
            long intervalMillis,
            @Nullable String healthCheckUrl,
            @Nullable String modelUrl,
            NameFilter filter,
            Map<String, String> headers) {
        return new EndpointSettings(
                name,
                URI.create("http://" + name),
                type,
                100,
                healthCheckUrl,
                modelUrl,
                Duration.ofMillis(intervalMillis),
                Duration.ofSeconds(2),
                false,
                filter,
                headers);
    }

    static DiscoveredModel model(String name) {
        return new DiscoveredModel(name, 0, null, null, DiscoveredModel.Details.NONE, null);
    }

    static List<DiscoveredModel> models(String... names) {
        return Arrays.stream(names).map(Samples::model).toList();
    }

    static Fetched answer(int status) {
        return answer(status, Headers.of(), "", Duration.ofMillis(1));
    }

    static Fetched answer(int status, String body) {
        return answer(status, Headers.of(), body, Duration.ofMillis(1));
    }

    static Fetched answer(int status, Headers headers, String body, Duration took) {
        return new Fetched.Answer(status, headers, Body.of(body.getBytes(StandardCharsets.UTF_8)), took);
    }

    /// A list in the format of OpenAI.
    static Fetched list(String... names) {
        String entries = String.join(
                ",",
                Arrays.stream(names).map(name -> "{\"id\":\"" + name + "\"}").toList());
        return answer(200, "{\"object\":\"list\",\"data\":[" + entries + "]}");
    }

    static Fetched failure(UpstreamFailure.Kind kind) {
        return new Fetched.Failed(new UpstreamFailure(kind, false, "it was " + kind));
    }
}
