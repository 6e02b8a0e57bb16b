package dev.olla.testbed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The models that a simulated server offers at the moment, in the order they were added; safe for any thread.
final class ModelCatalogue {

    private final boolean tagged;
    private volatile Map<String, SimulatedModel> models = Map.of();

    /// With `tagged`, a name without a tag means its `:latest`, as with Ollama.
    ModelCatalogue(boolean tagged, List<SimulatedModel> models) {
        this.tagged = tagged;
        replace(models);
    }

    synchronized void replace(List<SimulatedModel> replacement) {
        Map<String, SimulatedModel> byName = new LinkedHashMap<>();
        replacement.forEach(model -> byName.put(model.name(), model));
        models = byName;
    }

    synchronized void add(SimulatedModel model) {
        Map<String, SimulatedModel> byName = new LinkedHashMap<>(models);
        byName.put(model.name(), model);
        models = byName;
    }

    synchronized void remove(String name) {
        Map<String, SimulatedModel> byName = new LinkedHashMap<>(models);
        byName.remove(name);
        models = byName;
    }

    List<SimulatedModel> list() {
        return List.copyOf(models.values());
    }

    @Nullable
    SimulatedModel find(String name) {
        Map<String, SimulatedModel> known = models;
        SimulatedModel exact = known.get(name);
        if (exact != null || !tagged) {
            return exact;
        }
        if (name.endsWith(":latest")) {
            return known.get(name.substring(0, name.length() - ":latest".length()));
        }
        return name.indexOf(':') < 0 ? known.get(name + ":latest") : null;
    }
}
