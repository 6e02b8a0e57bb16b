package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelAliases;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The unified view of the fleet as it is now; made once for each snapshot, however often it is asked for.
///
/// Safe for all threads: at worst two of them make the same view.
public final class UnifiedModels {

    private final Fleet fleet;
    private final ModelAliases aliases;
    private volatile @Nullable Made available;
    private volatile @Nullable Made all;

    public UnifiedModels(Fleet fleet) {
        this(fleet, ModelAliases.NONE);
    }

    /// @param aliases are shown as if they were models
    public UnifiedModels(Fleet fleet, ModelAliases aliases) {
        this.fleet = fleet;
        this.aliases = aliases;
    }

    /// What some endpoint that takes requests holds.
    UnifiedCatalogue available() {
        Made made = upToDate(available, false);
        available = made;
        return made.catalogue();
    }

    /// What any endpoint holds, down ones included.
    UnifiedCatalogue all() {
        Made made = upToDate(all, true);
        all = made;
        return made.catalogue();
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
        List<ModelSource> sources = AliasSources.of(alias, fleet.snapshot(), withUnavailable, _ -> true);
        List<String> names =
                sources.stream().map(source -> source.model().name()).distinct().toList();
        return sources.isEmpty() ? null : new UnifiedModel(alias.name(), names, sources);
    }

    // A snapshot is replaced, never changed; comparing its models would cost what the memory saves.
    @SuppressWarnings("ReferenceEquality")
    private Made upToDate(@Nullable Made last, boolean withUnavailable) {
        FleetSnapshot snapshot = fleet.snapshot();
        return last != null && last.of() == snapshot
                ? last
                : new Made(snapshot, UnifiedCatalogue.of(snapshot, withUnavailable));
    }

    private record Made(FleetSnapshot of, UnifiedCatalogue catalogue) {}
}
