package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The forms in which the unified model list can be asked for.
///
/// All but `UNIFIED` and `OPENAI` carry the name of the list format that a kind of server uses itself; its clients
/// see the names which that kind takes.
enum CatalogueFormat {
    UNIFIED("unified"),
    OPENAI("openai"),
    OLLAMA("ollama"),
    LM_STUDIO("lmstudio"),
    LEMONADE("lemonade"),
    LMDEPLOY("lmdeploy"),
    SGLANG("sglang"),
    VLLM("vllm"),
    VLLM_MLX("vllm-mlx"),
    LLAMACPP("llamacpp"),
    DOCKER_MODEL_RUNNER("docker-model-runner");

    /// Makers of models that are recognised at the start of a name.
    private static final Set<String> VENDORS = Set.of(
            ("openai anthropic google meta microsoft amazon xai apple cohere ai21 databricks snowflake ibm salesforce"
                            + " nvidia mistral qwen alibaba deepseek zhipuai tii 01ai baichuan stability eleutherai"
                            + " mosaicml bigcode servicenow cerebras nomic huggingface openrouter together replicate"
                            + " fireworks perplexity groq")
                    .split(" "));

    private static final String START = "{\"object\":\"list\",\"data\":[";

    private final String word;

    CatalogueFormat(String word) {
        this.word = word;
    }

    /// Null for an unknown word.
    static @Nullable CatalogueFormat named(String word) {
        return Stream.of(values())
                .filter(format -> format.word.equals(word))
                .findFirst()
                .orElse(null);
    }

    static String words() {
        return Stream.of(values()).map(format -> format.word).collect(Collectors.joining(", "));
    }

    /// The whole answer, sorted by the name shown; null when it is too long.
    byte @Nullable [] render(List<UnifiedModel> models) {
        List<UnifiedModel> sorted = models.stream()
                .sorted(Comparator.comparing(model -> model.nameFrom(model.sourceListedAs(word))))
                .toList();
        return switch (this) {
            case OLLAMA -> JsonList.write("{\"models\":[", sorted, this::item, "]}");
            case LLAMACPP -> JsonList.write(START, sorted, this::item, "],\"models\":null}");
            default -> JsonList.write(START, sorted, this::item, "]}");
        };
    }

    private @Nullable JsonNode item(UnifiedModel model) {
        return item(model, model.sourceListedAs(word));
    }

    /// @param own the preferred source of this format's own kind of server; null where there is none
    private @Nullable ObjectNode item(UnifiedModel model, @Nullable ModelSource own) {
        return switch (this) {
            case UNIFIED -> unified(model);
            case OPENAI -> openAi(model.id(), model.created(), "olla");
            case OLLAMA -> own == null ? null : ollama(model, own);
            case LM_STUDIO -> own == null ? null : lmStudio(model, own);
            case LEMONADE -> lemonade(model, own);
            case LMDEPLOY -> withPermission(vendor(model, own));
            case SGLANG -> sglang(model, own);
            case VLLM -> withPermission(withRoot(vendor(model, own), model));
            case VLLM_MLX, LLAMACPP, DOCKER_MODEL_RUNNER -> vendor(model, own);
        };
    }

    private static ObjectNode openAi(String id, long created, String owner) {
        return Json.object()
                .put("id", id)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", owner);
    }

    private static ObjectNode unified(UnifiedModel model) {
        ObjectNode item = openAi(model.id(), model.created(), "olla");
        ObjectNode olla = item.putObject("olla");
        olla.put("family", model.family())
                .put("variant", model.variant())
                .put("parameter_size", model.parameterSize())
                .put("quantization", model.quantization());
        model.aliases().forEach(olla.putArray("aliases")::add);
        ArrayNode availability = olla.putArray("availability");
        // An endpoint may hold one model under several names.
        Set<String> seen = new HashSet<>();
        for (ModelSource source : model.sources()) {
            if (seen.add(source.endpoint().name())) {
                availability
                        .addObject()
                        .put("endpoint", source.endpoint().name())
                        .put("state", source.stateWord());
            }
        }
        model.capabilities().forEach(olla.putArray("capabilities")::add);
        return putLength(item, olla, "max_context_length", model.maxContextLength());
    }

    private static ObjectNode ollama(UnifiedModel model, ModelSource own) {
        String name = model.nameFrom(own);
        String digest = own.model().digest();
        String quantization = own.model().details().quantization();
        ObjectNode item = Json.object()
                .put("name", name)
                .put("model", name)
                .put("modified_at", HumanFormat.timestamp(own.created()))
                .put("size", own.model().size())
                .put("digest", digest == null ? "" : digest);
        DiscoveredModel.Details told = own.model().details();
        ObjectNode details = item.putObject("details")
                .put("parent_model", told.parent() == null ? "" : told.parent())
                .put("format", told.format() == null ? "" : told.format())
                .put("family", told.family() == null ? model.family() : told.family());
        told.families().forEach(details.putArray("families")::add);
        details.put("parameter_size", model.parameterSize())
                .put("quantization_level", quantization == null ? model.quantization() : quantization);
        return item;
    }

    private static ObjectNode lmStudio(UnifiedModel model, ModelSource own) {
        ObjectNode item = Json.object()
                .put("id", model.nameFrom(own))
                .put("object", "model")
                .put("type", model.kind())
                .put("state", own.stateWord());
        putText(item, "publisher", own.model().details().publisher());
        putText(item, "arch", own.model().details().family());
        putText(item, "quantization", own.model().details().quantization());
        return putLength(item, item, "max_context_length", model.maxContextLength());
    }

    private ObjectNode lemonade(UnifiedModel model, @Nullable ModelSource own) {
        ObjectNode item = vendor(model, own);
        String checkpoint = model.detail(details -> details.checkpoint());
        String recipe = model.detail(details -> details.recipe());
        return item.put("checkpoint", checkpoint == null ? "" : checkpoint)
                .put("recipe", recipe == null ? "" : recipe)
                .put("downloaded", own == null || !own.stateWord().equals(ModelSource.NOT_LOADED));
    }

    private ObjectNode sglang(UnifiedModel model, @Nullable ModelSource own) {
        ObjectNode item = withRoot(vendor(model, own), model);
        if (model.kind().equals(ModelTraits.VLM)) {
            item.put("supports_vision", true);
        }
        return item;
    }

    private ObjectNode vendor(UnifiedModel model, @Nullable ModelSource own) {
        String id = model.nameFrom(own);
        return openAi(id, model.created(), owner(id));
    }

    /// The publisher that the name tells, else the kind of server.
    private String owner(String id) {
        int slash = id.indexOf('/');
        if (slash > 0) {
            return id.substring(0, slash);
        }
        int dash = id.indexOf('-');
        String first = dash < 0 ? id : id.substring(0, dash);
        String known = first.toLowerCase(Locale.ROOT);
        if (first.length() >= 3 && first.length() <= 20 && VENDORS.stream().anyMatch(known::contains)) {
            return first;
        }
        return this == DOCKER_MODEL_RUNNER ? "docker" : word;
    }

    private static ObjectNode withRoot(ObjectNode item, UnifiedModel model) {
        item.put("root", item.path("id").asString());
        putText(item, "parent", model.detail(details -> details.parent()));
        return putLength(item, item, "max_model_len", model.maxContextLength());
    }

    private static ObjectNode withPermission(ObjectNode item) {
        String id = item.path("id").asString();
        item.putArray("permission")
                .addObject()
                .put("id", "modelperm-olla-" + id.replace('/', '-'))
                .put("object", "model_permission")
                .put("created", item.path("created").asLong())
                .put("allow_create_engine", false)
                .put("allow_sampling", true)
                .put("allow_logprobs", true)
                .put("allow_search_indices", false)
                .put("allow_view", true)
                .put("allow_fine_tuning", false)
                .put("organization", "*")
                .putNull("group")
                .put("is_blocking", false);
        return item;
    }

    private static void putText(ObjectNode node, String field, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            node.put(field, text);
        }
    }

    /// Adds the length to `node` where it is known; returns `item`.
    private static ObjectNode putLength(ObjectNode item, ObjectNode node, String field, @Nullable Long length) {
        if (length != null) {
            node.put(field, length.longValue());
        }
        return item;
    }
}
