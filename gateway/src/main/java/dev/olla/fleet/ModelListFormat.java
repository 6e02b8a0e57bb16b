package dev.olla.fleet;

import dev.olla.fleet.DiscoveredModel.Details;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A way in which servers list their models; profiles choose one by its name.
///
/// [ModelListReader] takes a list apart; here is what the fields of an entry mean.
public enum ModelListFormat {
    OLLAMA("ollama", "models", "name"),
    OPENAI("openai", "data", "id"),
    LM_STUDIO("lmstudio", "data", "id"),
    VLLM("vllm", "data", "id"),
    SGLANG("sglang", "data", "id"),
    LMDEPLOY("lmdeploy", "data", "id"),
    LLAMACPP("llamacpp", "data", "id"),
    VLLM_MLX("vllm-mlx", "data", "id"),
    DOCKER_MODEL_RUNNER("docker-model-runner", "data", "id"),
    LEMONADE("lemonade", "data", "id");

    private final String word;
    private final String array;
    private final String key;

    ModelListFormat(String word, String array, String key) {
        this.word = word;
        this.array = array;
        this.key = key;
    }

    /// The format of that name; the OpenAI one when there is none.
    public static ModelListFormat named(String name) {
        for (ModelListFormat format : values()) {
            if (format.word.equalsIgnoreCase(name)) {
                return format;
            }
        }
        return OPENAI;
    }

    /// As profiles name the format.
    public String word() {
        return word;
    }

    /// The field whose value is the list.
    String array() {
        return array;
    }

    /// The field of an entry that names its model.
    String key() {
        return key;
    }

    /// Whether servers list what is in memory, so that nothing has to be loaded.
    private boolean listsWhatIsLoaded() {
        return this == VLLM || this == SGLANG || this == LMDEPLOY || this == VLLM_MLX || this == LLAMACPP;
    }

    /// Whether the entries are passed on to clients as the server sent them.
    private boolean keepsEntries() {
        return this == OLLAMA || this == LM_STUDIO;
    }

    /// @param entry with a name
    DiscoveredModel read(ModelEntry entry) {
        return switch (this) {
            case OLLAMA -> ollama(entry);
            case OPENAI -> openai(entry);
            case LM_STUDIO -> lmStudio(entry);
            case VLLM, SGLANG, LMDEPLOY -> served(entry);
            case LLAMACPP -> llamaCpp(entry);
            case VLLM_MLX -> owned(entry, "mlx", "vllm-mlx", "vllm");
            case DOCKER_MODEL_RUNNER -> owned(entry, "gguf", "docker");
            case LEMONADE -> lemonade(entry);
        };
    }

    private DiscoveredModel ollama(ModelEntry entry) {
        ModelEntry told = entry.object("details");
        boolean remote = entry.text("remote_host") != null;
        Details details = new Details(
                null,
                told.text("family"),
                told.texts("families"),
                told.text("format"),
                told.text("parameter_size"),
                told.text("quantization_level"),
                null,
                told.text("parent_model"),
                remote ? "loaded" : null, // it runs elsewhere: nothing is ever loaded here
                null,
                null,
                told.count("context_length"),
                entry.texts("capabilities"));
        if (!entry.node().has("model")) {
            entry.node().put("model", name(entry));
        }
        return new DiscoveredModel(
                name(entry),
                entry.count("size"),
                entry.text("digest"),
                entry.timestamp("modified_at"),
                details,
                entry.json());
    }

    private DiscoveredModel lmStudio(ModelEntry entry) {
        String architecture = entry.text("arch");
        String publisher = entry.text("publisher");
        return model(
                entry,
                new Details(
                        entry.text("type"),
                        architecture,
                        architecture == null ? List.of() : List.of(architecture),
                        entry.text("compatibility_type"),
                        null,
                        entry.text("quantization"),
                        publisher,
                        publisher,
                        entry.text("state"),
                        null,
                        null,
                        entry.count("max_context_length"),
                        entry.texts("capabilities")));
    }

    private DiscoveredModel openai(ModelEntry entry) {
        return model(entry, details(null, entry.text("owned_by"), null, entry.count("max_model_len")));
    }

    /// vLLM and its kin; their own name as the owner says nothing.
    private DiscoveredModel served(ModelEntry entry) {
        String publisher = entry.textUnless("owned_by", word);
        return model(entry, details(null, publisher, entry.text("parent"), entry.count("max_model_len")));
    }

    /// Servers of one file format that tell little else.
    private DiscoveredModel owned(ModelEntry entry, String format, String... ownNames) {
        return model(entry, details(format, entry.textUnless("owned_by", ownNames), null, 0));
    }

    private DiscoveredModel llamaCpp(ModelEntry entry) {
        ModelEntry meta = entry.object("meta");
        String status = entry.object("status").text("value"); // of one that loads models on demand
        Details details = new Details(
                null,
                null,
                List.of(),
                "gguf",
                parameters(meta.count("n_params")),
                null,
                entry.textUnless("owned_by", "llamacpp"),
                null,
                status == null || status.equals("loaded") ? "loaded" : "not-loaded",
                null,
                null,
                meta.count("n_ctx_train"));
        return new DiscoveredModel(name(entry), meta.count("size"), null, entry.epochSeconds("created"), details, null);
    }

    /// `3.2B`, `137M`; null where unknown.
    static @Nullable String parameters(long count) {
        if (count < 1_000_000) {
            return null;
        }
        return count < 1_000_000_000 ? Math.round(count / 1e6) + "M" : String.format(Locale.ROOT, "%.1fB", count / 1e9);
    }

    private DiscoveredModel lemonade(ModelEntry entry) {
        String checkpoint = entry.text("checkpoint");
        String recipe = entry.text("recipe");
        boolean missing = entry.node().has("downloaded") && !entry.isTrue("downloaded");
        return model(
                entry,
                new Details(
                        null,
                        null,
                        List.of(),
                        formatOfRecipe(recipe),
                        null,
                        null,
                        publisherOf(checkpoint),
                        null,
                        entry.isTrue("downloaded") ? "available" : missing ? "not-loaded" : null,
                        checkpoint,
                        recipe,
                        0,
                        entry.texts("labels")));
    }

    private static @Nullable String formatOfRecipe(@Nullable String recipe) {
        if (recipe == null) {
            return null;
        }
        String lower = recipe.toLowerCase(Locale.ROOT);
        if (lower.startsWith("oga-")) {
            return "onnx";
        }
        return lower.equals("llamacpp") || lower.equals("flm") ? "gguf" : null;
    }

    private static @Nullable String publisherOf(@Nullable String checkpoint) {
        int slash = checkpoint == null ? -1 : checkpoint.indexOf('/');
        return checkpoint == null || slash <= 0 ? null : checkpoint.substring(0, slash);
    }

    private Details details(
            @Nullable String format, @Nullable String publisher, @Nullable String parent, long contextLength) {
        String state = listsWhatIsLoaded() ? "loaded" : null;
        return new Details(
                null, null, List.of(), format, null, null, publisher, parent, state, null, null, contextLength);
    }

    private DiscoveredModel model(ModelEntry entry, Details details) {
        String json = keepsEntries() ? entry.json() : null;
        return new DiscoveredModel(name(entry), 0, null, entry.epochSeconds("created"), details, json);
    }

    private String name(ModelEntry entry) {
        return Objects.requireNonNull(entry.text(key));
    }
}
