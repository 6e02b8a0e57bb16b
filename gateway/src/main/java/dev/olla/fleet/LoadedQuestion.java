package dev.olla.fleet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How servers of a kind are asked what they have in memory.
enum LoadedQuestion {
    OLLAMA("/api/ps", "models", "name") {
        @Override
        boolean namesLoading() {
            return true;
        }
    },
    LM_STUDIO("/api/v0/models", "data", "id") {
        @Override
        boolean isLoaded(JsonNode entry) {
            return entry.path("state").asString("").equalsIgnoreCase(Placement.LOADED);
        }
    },
    OMLX("/v1/models/status", "models", "id") {
        @Override
        boolean isLoaded(JsonNode entry) {
            return entry.path("loaded").asBoolean(false);
        }
    };

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String path;
    private final String array;
    private final String key;

    LoadedQuestion(String path, String array, String key) {
        this.path = path;
        this.array = array;
        this.key = key;
    }

    /// Null for a kind that keeps in memory what it lists, or that doesn't tell.
    static @Nullable LoadedQuestion of(BackendProfile kind) {
        if (kind.listFormat().equals(ModelListFormat.LM_STUDIO.word())) {
            return LM_STUDIO;
        }
        if (kind.paths().contains(OMLX.path)) {
            return OMLX;
        }
        return kind.ollamaNative() ? OLLAMA : null;
    }

    /// Below the base path of the endpoint.
    String path() {
        return path;
    }

    /// The models that are loaded, as the server spells them; null when the answer is none of the expected shape.
    @Nullable
    List<String> read(byte[] body) {
        try {
            JsonNode models = JSON.readTree(body).path(array);
            if (!models.isArray()) {
                return null;
            }
            List<String> names = new ArrayList<>();
            for (JsonNode model : models) {
                String name = model.path(key).asString("");
                if (!name.isEmpty() && isLoaded(model)) {
                    names.add(name);
                }
            }
            return names;
        } catch (JacksonException malformed) {
            return null;
        }
    }

    /// Whether the answer names models too that are only being loaded.
    boolean namesLoading() {
        return false;
    }

    /// Whether an entry of the answer is a model in memory.
    boolean isLoaded(JsonNode entry) {
        return true;
    }
}
