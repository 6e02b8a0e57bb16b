package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The models of the fleet, each once, see [ModelGroups]. Immutable.
final class UnifiedCatalogue {

    private final List<UnifiedModel> models;
    private final Map<String, UnifiedModel> byName = new HashMap<>();

    private UnifiedCatalogue(List<UnifiedModel> models) {
        this.models =
                models.stream().sorted(Comparator.comparing(UnifiedModel::id)).toList();
        this.models.forEach(model -> byName.put(key(model.id()), model));
        for (UnifiedModel model : this.models) {
            model.aliases().forEach(alias -> byName.putIfAbsent(key(alias), model));
        }
    }

    static UnifiedCatalogue of(FleetSnapshot snapshot) {
        List<ModelSource> sources = new ArrayList<>();
        for (EndpointState state : snapshot.endpoints()) {
            state.models().forEach(model -> sources.add(new ModelSource(state, model)));
        }
        return new UnifiedCatalogue(new ModelGroups(snapshot.catalogue().unification(), sources).named());
    }

    /// With what such endpoints serve. The ids stay: who asked for one asks for the same model whatever goes down.
    UnifiedCatalogue servedBy(Predicate<EndpointState> endpoints) {
        if (models.stream()
                .allMatch(model -> model.sources().stream().allMatch(source -> endpoints.test(source.state())))) {
            return this;
        }
        List<UnifiedModel> kept = new ArrayList<>(models.size());
        for (UnifiedModel model : models) {
            List<ModelSource> sources = model.sources().stream()
                    .filter(source -> endpoints.test(source.state()))
                    .toList();
            if (sources.size() == model.sources().size()) {
                kept.add(model);
            } else if (!sources.isEmpty()) {
                kept.add(new UnifiedModel(model.id(), model.aliases(), sources));
            }
        }
        return new UnifiedCatalogue(kept);
    }

    /// Sorted by id.
    List<UnifiedModel> models() {
        return models;
    }

    /// By id, else by any name, without case; null where there is none.
    @Nullable
    UnifiedModel find(String idOrName) {
        UnifiedModel exact = byName.get(key(idOrName));
        return exact != null ? exact : byName.get(key(ModelCatalogue.counterpart(idOrName)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
