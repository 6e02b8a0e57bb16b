package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelAliases;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Shows an alias as if its servers listed a model of that name.
final class AliasSources {

    private AliasSources() {}

    /// What stands behind the alias: one model of each such server that holds any; preferred ones first.
    static List<ModelSource> of(
            ModelAliases.Alias alias, FleetSnapshot snapshot, boolean withUnavailable, Predicate<Endpoint> admitted) {
        return alias.placements(snapshot, admitted).stream()
                .flatMap(placement -> {
                    EndpointState state = snapshot.state(placement.endpoint());
                    return state == null || !(withUnavailable || state.routable())
                            ? Stream.empty()
                            : Stream.of(new ModelSource(state, placement.model()));
                })
                .sorted(ModelSource.PREFERENCE)
                .toList();
    }

    /// The same source under another name.
    static ModelSource renamed(ModelSource source, String name) {
        DiscoveredModel model = source.model();
        ObjectNode raw = model.raw().deepCopy();
        for (String field : List.of("id", "name", "model", "key")) {
            if (raw.has(field)) {
                raw.put(field, name);
            }
        }
        return new ModelSource(
                source.state(),
                new DiscoveredModel(name, model.size(), model.digest(), model.modified(), model.details(), raw));
    }
}
