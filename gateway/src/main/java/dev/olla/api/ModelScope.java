package dev.olla.api;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelAliases;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which servers' models belong to a provider's list.
@FunctionalInterface
public interface ModelScope {

    boolean includes(EndpointState state);

    /// The servers of one kind.
    static ModelScope of(BackendProfile profile) {
        return state -> state.profile().name().equals(profile.name());
    }

    /// Every server that serves the OpenAI routes.
    static ModelScope openAiCompatible() {
        return state -> state.profile().openAiCompatible();
    }

    /// Every server.
    static ModelScope everyKind() {
        return _ -> true;
    }

    /// The models that such servers serve now: every name once, from its preferred server, sorted by name.
    default List<ModelSource> models(FleetSnapshot snapshot) {
        Map<String, ModelSource> byName = new LinkedHashMap<>();
        snapshot.endpoints().stream()
                .filter(state -> state.offersModels() && includes(state))
                .flatMap(state -> state.models().stream().map(model -> new ModelSource(state, model)))
                .sorted(ModelSource.PREFERENCE)
                .forEach(source -> byName.putIfAbsent(source.model().name(), source));
        return byName.values().stream()
                .sorted(Comparator.comparing(source -> source.model().name()))
                .toList();
    }

    /// The same scope with the aliases that lead to one of its servers; a model of that name stays itself.
    default ModelScope with(ModelAliases aliases) {
        ModelScope servers = this;
        return new ModelScope() {
            @Override
            public boolean includes(EndpointState state) {
                return servers.includes(state);
            }

            @Override
            public List<ModelSource> models(FleetSnapshot snapshot) {
                Map<String, ModelSource> byName = new TreeMap<>();
                for (ModelAliases.Alias alias : aliases.all()) {
                    AliasSources.of(alias, snapshot, state -> state.routable() && includes(state)).stream()
                            .findFirst()
                            .ifPresent(source -> byName.put(alias.name(), AliasSources.renamed(source, alias.name())));
                }
                List<ModelSource> models = servers.models(snapshot);
                models.forEach(source -> byName.keySet()
                        .removeIf(alias -> alias.equalsIgnoreCase(source.model().name())));
                models.forEach(source -> byName.put(source.model().name(), source));
                return List.copyOf(byName.values());
            }
        };
    }
}
