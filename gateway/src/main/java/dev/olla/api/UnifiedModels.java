package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.ModelAliases;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The unified view of the fleet as it is now; made once for each state of the models, however often it is asked
/// for.
///
/// Safe for all threads that may wait.
public final class UnifiedModels {

    private final Fleet fleet;
    private final ModelAliases aliases;
    private final FromModels<UnifiedCatalogue> known;
    private final FromModels<UnifiedCatalogue> all;
    private final FromModels<UnifiedCatalogue> available;

    public UnifiedModels(Fleet fleet) {
        this(fleet, ModelAliases.NONE);
    }

    /// @param aliases are shown as if they were models
    public UnifiedModels(Fleet fleet, ModelAliases aliases) {
        this.fleet = fleet;
        this.aliases = aliases;
        known = new FromModels<>(fleet, UnifiedCatalogue::of);
        all = new FromModels<>(
                fleet, _ -> known.get().servedBy(state -> state.endpoint().wanted()));
        available = new FromModels<>(fleet, _ -> known.get().servedBy(EndpointState::offersModels));
    }

    /// What some endpoint that is up holds, under the same ids as in [#all].
    UnifiedCatalogue available() {
        return available.get();
    }

    /// What any endpoint holds that is not disabled, down ones included.
    UnifiedCatalogue all() {
        return all.get();
    }

    /// The models and the aliases that lead to any, sorted by id.
    List<UnifiedModel> listed(boolean withUnavailable) {
        UnifiedCatalogue catalogue = withUnavailable ? all() : available();
        List<UnifiedModel> listed = new ArrayList<>(catalogue.models());
        for (ModelAliases.Alias alias : aliases.all()) {
            UnifiedModel shown = aliased(alias, withUnavailable);
            if (shown != null && listed.stream().noneMatch(model -> model.id().equalsIgnoreCase(alias.name()))) {
                listed.add(shown);
            }
        }
        listed.sort(Comparator.comparing(UnifiedModel::id));
        return listed;
    }

    /// The alias of that name; null where there is none, or none that leads anywhere.
    @Nullable
    UnifiedModel findAlias(String name) {
        ModelAliases.Alias alias = aliases.find(name);
        return alias == null ? null : aliased(alias, true);
    }

    private @Nullable UnifiedModel aliased(ModelAliases.Alias alias, boolean withUnavailable) {
        List<ModelSource> sources = AliasSources.of(
                alias,
                fleet.snapshot(),
                state -> withUnavailable ? state.endpoint().wanted() : state.offersModels());
        List<String> names =
                sources.stream().map(source -> source.model().name()).distinct().toList();
        return sources.isEmpty() ? null : new UnifiedModel(alias.name(), names, sources);
    }
}
