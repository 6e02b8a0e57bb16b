package dev.olla.fleet;

import dev.olla.fleet.DiscoveredModel.Details;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A way in which servers list their models; profiles choose one by its name.
///
/// Lists are read entry by entry, so that a long one costs no second copy of itself.
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

    /// More entries than this are left out.
    static final int MAX_ENTRIES = 20_000;

    /// An entry is followed by the next one, which is no error.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

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

    /// Reads a whole list; an empty body, or a null in the place of the array, is a list of no models.
    ModelList parse(byte[] body) {
        if (isBlank(body)) {
            return new ModelList.Listed(List.of(), 0);
        }
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new ModelList.Unreadable("is no JSON object");
            }
            Collector collector = new Collector();
            boolean found = readObject(parser, collector);
            if (parser.nextToken() != null) {
                return new ModelList.Unreadable("has something after its JSON");
            }
            return found ? collector.listed() : new ModelList.Unreadable("has no \"" + array + "\" array");
        } catch (JacksonException _) {
            return new ModelList.Unreadable("is not JSON");
        }
    }

    private boolean readObject(JsonParser parser, Collector collector) {
        boolean found = false;
        String field = parser.nextName();
        while (field != null) {
            JsonToken value = parser.nextToken();
            if (!field.equals(array)) {
                parser.skipChildren();
            } else if (value == JsonToken.START_ARRAY) {
                found = true;
                readArray(parser, collector);
            } else {
                found |= value == JsonToken.VALUE_NULL;
                parser.skipChildren();
            }
            field = parser.nextName();
        }
        return found;
    }

    private static void readArray(JsonParser parser, Collector collector) {
        JsonToken value = parser.nextToken();
        while (value != JsonToken.END_ARRAY) {
            if (value == JsonToken.START_OBJECT && !collector.full()) {
                collector.take((ObjectNode) JSON.readTree(parser));
            } else {
                parser.skipChildren();
                collector.skipped++;
            }
            value = parser.nextToken();
        }
    }

    /// Gathers the usable entries, each name once.
    private final class Collector {

        private final List<DiscoveredModel> models = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private int skipped;

        boolean full() {
            return models.size() >= MAX_ENTRIES;
        }

        void take(ObjectNode node) {
            ModelEntry entry = new ModelEntry(node);
            String name = entry.text(key);
            if (name == null) {
                skipped++;
            } else if (names.add(name)) {
                models.add(read(entry));
            }
        }

        ModelList listed() {
            return new ModelList.Listed(models, skipped);
        }
    }

    private static boolean isBlank(byte[] body) {
        for (byte b : body) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    private DiscoveredModel read(ModelEntry entry) {
        return switch (this) {
            case OLLAMA -> ollama(entry);
            case OPENAI -> openai(entry);
            case LM_STUDIO -> lmStudio(entry);
            case VLLM, SGLANG, LMDEPLOY -> served(entry);
            case LLAMACPP -> owned(entry, "gguf", "llamacpp");
            case VLLM_MLX -> owned(entry, "mlx", "vllm-mlx", "vllm");
            case DOCKER_MODEL_RUNNER -> owned(entry, "gguf", "docker");
            case LEMONADE -> lemonade(entry);
        };
    }

    private static DiscoveredModel ollama(ModelEntry entry) {
        ModelEntry told = entry.object("details");
        Details details = new Details(
                null,
                told.text("family"),
                told.texts("families"),
                told.text("format"),
                told.text("parameter_size"),
                told.text("quantization_level"),
                null,
                told.text("parent_model"),
                null,
                null,
                null,
                0);
        return new DiscoveredModel(
                name(entry, "name"),
                entry.count("size"),
                entry.text("digest"),
                entry.timestamp("modified_at"),
                details,
                entry.node());
    }

    private static DiscoveredModel lmStudio(ModelEntry entry) {
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
                        entry.count("max_context_length")));
    }

    private static DiscoveredModel openai(ModelEntry entry) {
        return model(entry, details(null, entry.text("owned_by"), null, entry.count("max_model_len")));
    }

    /// vLLM and its kin; their own name as the owner says nothing.
    private DiscoveredModel served(ModelEntry entry) {
        String publisher = entry.textUnless("owned_by", word);
        return model(entry, details(null, publisher, entry.text("parent"), entry.count("max_model_len")));
    }

    /// Servers of one file format that tell little else.
    private static DiscoveredModel owned(ModelEntry entry, String format, String... ownNames) {
        return model(entry, details(format, entry.textUnless("owned_by", ownNames), null, 0));
    }

    private static DiscoveredModel lemonade(ModelEntry entry) {
        String checkpoint = entry.text("checkpoint");
        String recipe = entry.text("recipe");
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
                        entry.isTrue("downloaded") ? "available" : null,
                        checkpoint,
                        recipe,
                        0));
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

    private static Details details(
            @Nullable String format, @Nullable String publisher, @Nullable String parent, long contextLength) {
        return new Details(
                null, null, List.of(), format, null, null, publisher, parent, null, null, null, contextLength);
    }

    private static DiscoveredModel model(ModelEntry entry, Details details) {
        return new DiscoveredModel(name(entry, "id"), 0, null, entry.epochSeconds("created"), details, entry.node());
    }

    private static String name(ModelEntry entry, String key) {
        return Objects.requireNonNull(entry.text(key));
    }
}
