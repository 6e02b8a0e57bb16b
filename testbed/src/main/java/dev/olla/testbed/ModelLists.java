package dev.olla.testbed;

import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The model lists of each kind of server, in its own wire format.
final class ModelLists {

    private ModelLists() {}

    static Answer openAi(Backend backend) {
        ObjectNode body = list(backend, model -> openAiEntry(backend, model));
        if (backend.kind() == ServerKind.LLAMACPP) {
            body.set("models", entries(backend, model -> ollamaEntry(model).put("type", "model")));
        }
        if (backend.kind() == ServerKind.ANTHROPIC) {
            return Answer.Sized.json(anthropicList(backend));
        }
        return Answer.Sized.json(body);
    }

    static ObjectNode openAiEntry(Backend backend, SimulatedModel model) {
        ObjectNode entry = Json.object()
                .put("id", model.name())
                .put("object", "model")
                .put("created", Backend.CREATED)
                .put("owned_by", backend.kind().owner());
        switch (backend.kind()) {
            case VLLM ->
                entry.put("root", model.name())
                        .putNull("parent")
                        .put("max_model_len", model.contextLength())
                        .set("permission", Json.array());
            case LEMONADE ->
                entry.put("checkpoint", model.name()).put("recipe", "llamacpp").put("downloaded", true);
            case LLAMACPP ->
                entry.set(
                        "meta",
                        Json.object()
                                .put("n_ctx_train", model.contextLength())
                                .put("n_params", 3_212_749_888L)
                                .put("size", model.size()));
            case ANTHROPIC -> entry.removeAll().setAll(anthropicEntry(model));
            case SGLANG -> entry.put("root", model.name()).put("max_model_len", model.contextLength());
            case LMDEPLOY -> entry.put("root", model.name()).putNull("parent").set("permission", Json.array());
            case OLLAMA, OPENAI, LM_STUDIO, LITELLM, DOCKER_MODEL_RUNNER, OMLX, VLLM_MLX -> {}
        }
        return entry;
    }

    static Answer lmStudio(Backend backend) {
        return Answer.Sized.json(list(
                backend,
                model -> Json.object()
                        .put("id", model.name())
                        .put("object", "model")
                        .put("type", model.name().contains("embed") ? "embeddings" : "llm")
                        .put("publisher", model.publisher())
                        .put("arch", model.family())
                        .put("compatibility_type", "gguf")
                        .put("quantization", "Q4_K_M")
                        .put("state", backend.slots().isResident(model.name()) ? "loaded" : "not-loaded")
                        .put("max_context_length", model.contextLength())));
    }

    static Answer omlxStatus(Backend backend) {
        ArrayNode models = entries(
                backend,
                model -> Json.object()
                        .put("id", model.name())
                        .put("loaded", backend.slots().isResident(model.name())));
        return Answer.Sized.json(Json.object().put("model_count", models.size()).set("models", models));
    }

    static Answer tags(Backend backend) {
        return Answer.Sized.json(Json.object().set("models", entries(backend, ModelLists::ollamaEntry)));
    }

    static Answer running(Backend backend) {
        ArrayNode models = Json.array();
        for (SimulatedModel model : backend.models().list()) {
            if (backend.slots().isResident(model.name())) {
                models.add(ollamaEntry(model)
                        .without("modified_at")
                        .put("expires_at", "2036-01-01T00:00:00Z")
                        .put("size_vram", model.size())
                        .put("context_length", model.contextLength()));
            }
        }
        return Answer.Sized.json(Json.object().set("models", models));
    }

    static Answer show(SimulatedModel model) {
        ObjectNode body = Json.object()
                .put("license", "none")
                .put("modelfile", "FROM " + model.name())
                .put("parameters", "")
                .put("template", "{{ .Prompt }}")
                .set("details", details(model));
        body.set(
                "model_info",
                Json.object()
                        .put("general.architecture", model.family())
                        .put("general.parameter_count", 3_212_749_888L)
                        .put(model.family() + ".context_length", model.contextLength()));
        ArrayNode capabilities = Json.array().add("completion").add("tools");
        if (model.thinks()) {
            capabilities.add("thinking");
        }
        body.set("capabilities", capabilities);
        return Answer.Sized.json(body.put("modified_at", Backend.CREATED_TEXT));
    }

    private static ObjectNode ollamaEntry(SimulatedModel model) {
        return Json.object()
                .put("name", model.name())
                .put("model", model.name())
                .put("modified_at", Backend.CREATED_TEXT)
                .put("size", model.size())
                .put("digest", model.digest())
                .set("details", details(model));
    }

    private static ObjectNode details(SimulatedModel model) {
        ArrayNode families = Json.array().add(model.family());
        return Json.object()
                .put("parent_model", "")
                .put("format", "gguf")
                .put("family", model.family())
                .set("families", families)
                .put("parameter_size", "3.2B")
                .put("quantization_level", "Q4_K_M");
    }

    private static ObjectNode anthropicList(Backend backend) {
        ArrayNode data = entries(backend, ModelLists::anthropicEntry);
        ObjectNode body = Json.object().set("data", data);
        body.put("has_more", false);
        body.put("first_id", data.isEmpty() ? null : data.get(0).get("id").asString());
        return body.put(
                "last_id",
                data.isEmpty() ? null : data.get(data.size() - 1).get("id").asString());
    }

    private static ObjectNode anthropicEntry(SimulatedModel model) {
        return Json.object()
                .put("type", "model")
                .put("id", model.name())
                .put("display_name", model.name())
                .put("created_at", Backend.CREATED_TEXT);
    }

    private static ObjectNode list(Backend backend, Function<SimulatedModel, ObjectNode> entry) {
        return Json.object().put("object", "list").set("data", entries(backend, entry));
    }

    private static ArrayNode entries(Backend backend, Function<SimulatedModel, ObjectNode> entry) {
        ArrayNode entries = Json.array();
        backend.models().list().forEach(model -> entries.add(entry.apply(model)));
        return entries;
    }
}
