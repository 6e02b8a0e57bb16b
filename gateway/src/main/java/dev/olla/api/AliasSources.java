package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelAliases;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Shows an alias as if its servers listed a model of that name.
final class AliasSources {

    private AliasSources() {}

    /// What stands behind the alias: one model of each such server that holds any; preferred ones first.
    static List<ModelSource> of(ModelAliases.Alias alias, FleetSnapshot snapshot, Predicate<EndpointState> admitted) {
        return alias.placements(snapshot, endpoint -> isAdmitted(snapshot.state(endpoint), admitted)).stream()
                .flatMap(placement -> {
                    EndpointState state = snapshot.state(placement.endpoint());
                    return state == null ? Stream.empty() : Stream.of(new ModelSource(state, placement.model()));
                })
                .sorted(ModelSource.PREFERENCE)
                .toList();
    }

    private static boolean isAdmitted(@Nullable EndpointState state, Predicate<EndpointState> admitted) {
        return state != null && admitted.test(state);
    }

    /// The same source under another name.
    static ModelSource renamed(ModelSource source, String name) {
        DiscoveredModel model = source.model();
        String raw = model.raw();
        String rewritten = raw == null ? null : renamed(raw, name);
        return new ModelSource(
                source.state(),
                new DiscoveredModel(name, model.size(), model.digest(), model.modified(), model.details(), rewritten));
    }

    private static String renamed(String entry, String name) {
        ObjectNode fields = (ObjectNode) Json.MAPPER.readTree(entry);
        for (String field : List.of("id", "name", "model", "key")) {
            if (fields.has(field)) {
                fields.put(field, name);
            }
        }
        return Json.MAPPER.writeValueAsString(fields);
    }
}
