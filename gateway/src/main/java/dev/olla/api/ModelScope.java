package dev.olla.api;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /// The models that such servers serve now: every name once, from its preferred server, sorted by name.
    default List<ModelSource> models(FleetSnapshot snapshot) {
        Map<String, ModelSource> byName = new LinkedHashMap<>();
        snapshot.endpoints().stream()
                .filter(state -> state.routable() && includes(state))
                .flatMap(state -> state.models().stream().map(model -> new ModelSource(state, model)))
                .sorted(ModelSource.PREFERENCE)
                .forEach(source -> byName.putIfAbsent(source.model().name(), source));
        return byName.values().stream()
                .sorted(Comparator.comparing(source -> source.model().name()))
                .toList();
    }
}
