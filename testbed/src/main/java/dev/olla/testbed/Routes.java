package dev.olla.testbed;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The paths that a simulated server of a kind answers.
final class Routes {

    private static final String MODEL_PREFIX = "/v1/models/";

    private final Backend backend;
    private final Set<String> missing;
    private final Map<String, Route> reads = new HashMap<>();
    private final Map<String, Route> posts = new HashMap<>();
    private final @Nullable OllamaManagement management;
    private volatile boolean asleep;

    /// Paths in `missing` answer 404, to simulate an older or smaller server.
    Routes(Backend backend, Set<String> missing) {
        this.backend = backend;
        this.missing = missing;
        this.management = backend.kind() == ServerKind.OLLAMA ? new OllamaManagement(backend) : null;
        switch (backend.kind()) {
            case OLLAMA -> {
                addOllama();
                addOpenAi("/v1");
                addAnthropic();
            }
            case VLLM, LM_STUDIO, LLAMACPP -> {
                addOpenAi("/v1");
                addAnthropic();
            }
            case VLLM_MLX, OMLX -> {
                addOpenAi("/v1");
                addAnthropic();
            }
            case LEMONADE -> {
                addOllamaToo();
                addOpenAi("/api/v1");
                addOpenAi("/v1");
            }
            case DOCKER_MODEL_RUNNER -> {
                addOllamaToo();
                for (String engine : List.of("", "/llama.cpp", "/vllm")) {
                    addOpenAi("/engines" + engine + "/v1");
                }
            }
            case OPENAI, SGLANG, LMDEPLOY -> addOpenAi("/v1");
            case LITELLM -> {
                addOpenAi("/v1");
                addOpenAi("");
            }
            case ANTHROPIC -> {
                reads.put("/v1/models", _ -> ModelLists.openAi(backend));
                addAnthropic();
            }
        }
        if (management != null) {
            management.addTo(posts);
        }
        addPathsOfItsOwn();
    }

    Answer answer(Arrival arrival) {
        String path = arrival.path();
        boolean post = arrival.method().equals("POST");
        if (management != null && !missing.contains(path) && path.startsWith(Blobs.PREFIX)) {
            return management.blob(arrival);
        }
        if (management != null && path.equals("/api/delete") && arrival.method().equals("DELETE")) {
            return management.delete(arrival);
        }
        Route route = missing.contains(path) ? null : (post ? posts : reads).get(path);
        if (route != null && (post || isRead(arrival))) {
            return route.answer(arrival);
        }
        if (isRead(arrival) && path.startsWith(MODEL_PREFIX) && reads.containsKey("/v1/models")) {
            return oneModel(path);
        }
        if (backend.kind() == ServerKind.LM_STUDIO) {
            return unexpected(arrival); // it answers 200 to anything
        }
        boolean otherMethod = !missing.contains(path) && (posts.containsKey(path) || reads.containsKey(path));
        return otherMethod
                ? Envelope.of(path).answer(405, "method not allowed")
                : Envelope.of(path).answer(404, "path '" + path + "' not found");
    }

    private static boolean isRead(Arrival arrival) {
        return arrival.method().equals("GET") || arrival.isHead();
    }

    private void addOllama() {
        reads.put("/", _ -> Answer.Sized.text(200, "Ollama is running"));
        reads.put("/api/tags", _ -> ModelLists.tags(backend));
        reads.put("/api/ps", _ -> ModelLists.running(backend));
        reads.put("/api/version", _ -> Answer.Sized.json(Json.object().put("version", backend.version())));
        post("/api/show", (_, model) -> ModelLists.show(model));
        post("/api/chat", (request, model) -> OllamaDialect.chat(backend, request, model));
        post("/api/generate", (request, model) -> OllamaDialect.generate(backend, request, model));
        post("/api/embed", OllamaDialect::embed);
        post("/api/embeddings", OllamaDialect::embeddings);
    }

    /// Kinds that take Ollama's calls beside their own.
    private void addOllamaToo() {
        addOllama();
        reads.remove("/");
        reads.remove("/api/ps");
    }

    private void addOpenAi(String base) {
        reads.put(base + "/models", _ -> ModelLists.openAi(backend));
        post(base + "/chat/completions", (request, model) -> OpenAiDialect.chat(backend, request, model));
        post(base + "/completions", (request, model) -> OpenAiDialect.completion(backend, request, model));
        post(base + "/embeddings", OpenAiDialect::embeddings);
    }

    private void addAnthropic() {
        post("/v1/messages", (request, model) -> AnthropicDialect.messages(backend, request, model));
        post("/v1/messages/count_tokens", (request, _) -> AnthropicDialect.countTokens(request));
    }

    private void addPathsOfItsOwn() {
        switch (backend.kind()) {
            case OLLAMA -> {}
            case VLLM -> {
                reads.put("/health", _ -> Answer.Sized.text(200, ""));
                reads.put("/version", _ -> Answer.Sized.json(Json.object().put("version", backend.version())));
                reads.put("/metrics", _ -> metrics());
            }
            case LM_STUDIO -> reads.put("/api/v0/models", _ -> ModelLists.lmStudio(backend));
            case LEMONADE -> {
                reads.put("/api/v1/health", _ -> status("ok"));
                reads.put("/api/v1/system-info", _ -> systemInfo());
            }
            case LLAMACPP -> {
                reads.put("/health", _ -> status("ok"));
                reads.put("/props", _ -> props());
            }
            case SGLANG -> {
                reads.put("/health", _ -> Answer.Sized.text(200, ""));
                reads.put("/get_model_info", _ -> modelInfo());
            }
            case LMDEPLOY -> {
                reads.put("/health", _ -> Answer.Sized.text(200, ""));
                reads.put("/is_sleeping", _ -> sleepState());
            }
            case LITELLM -> {
                reads.put("/health/liveness", _ -> Answer.Sized.json(Json.string("I'm alive!")));
                reads.put("/health", _ -> Answer.Sized.json(Json.object().put("healthy_count", 0)));
            }
            case DOCKER_MODEL_RUNNER -> reads.put("/", _ -> Answer.Sized.text(200, "The service is running.\n"));
            case OMLX -> {
                reads.put("/health", _ -> status("healthy"));
                reads.put("/v1/models/status", _ -> ModelLists.omlxStatus(backend));
            }
            case VLLM_MLX -> reads.put("/health", _ -> status("healthy"));
            case OPENAI, ANTHROPIC -> reads.put("/health", _ -> status("ok"));
        }
    }

    private void post(String path, ModelRoute route) {
        posts.put(path, arrival -> {
            InferenceRequest request;
            try {
                request = InferenceRequest.read(arrival.body());
            } catch (JacksonException e) {
                return Envelope.of(path).answer(400, "invalid JSON: " + e.getOriginalMessage());
            }
            if (request.model().isEmpty()) {
                return Envelope.of(path).answer(400, "model is required");
            }
            SimulatedModel model = backend.models().find(request.model());
            return model == null ? Envelope.of(path).modelNotFound(request.model()) : route.answer(request, model);
        });
    }

    private Answer oneModel(String path) {
        String id =
                URLDecoder.decode(path.substring(MODEL_PREFIX.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
        SimulatedModel model = backend.models().find(id);
        return model == null
                ? Envelope.of(path).modelNotFound(id)
                : Answer.Sized.json(ModelLists.openAiEntry(backend, model));
    }

    private Answer metrics() {
        return Answer.Sized.text(200, """
                # TYPE vllm:num_requests_waiting gauge
                vllm:num_requests_waiting %d
                """.formatted(backend.slots().waiting()));
    }

    private Answer props() {
        ObjectNode props =
                Json.object().put("total_slots", Math.max(1, backend.slots().parallel()));
        props.put("chat_template", "").put("build_info", backend.version());
        props.set("default_generation_settings", Json.object().put("n_ctx", 8192));
        return Answer.Sized.json(props);
    }

    private Answer modelInfo() {
        String first = backend.models().list().stream()
                .map(SimulatedModel::name)
                .findFirst()
                .orElse("");
        return Answer.Sized.json(Json.object()
                .put("model_path", first)
                .put("tokenizer_path", first)
                .put("is_generation", true));
    }

    private static Answer systemInfo() {
        ObjectNode info = Json.object().put("OS Version", "simulated").put("Processor", "simulated");
        return Answer.Sized.json(info.set("devices", Json.object()));
    }

    private Answer sleepState() {
        return Answer.Sized.json(Json.object().put("is_sleeping", asleep));
    }

    void asleep(boolean now) {
        asleep = now;
    }

    private static Answer unexpected(Arrival arrival) {
        String words = "Unexpected endpoint or method. (" + arrival.method() + " " + arrival.path() + ")";
        return Answer.Sized.json(Json.object().put("error", words));
    }

    private static Answer status(String value) {
        return Answer.Sized.json(Json.object().put("status", value));
    }

    /// Answers a request on one path.
    interface Route {
        Answer answer(Arrival arrival);
    }

    /// Answers a request that names a model the server has.
    private interface ModelRoute {
        Answer answer(InferenceRequest request, SimulatedModel model);
    }
}
