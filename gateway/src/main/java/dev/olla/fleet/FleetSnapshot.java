package dev.olla.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The whole fleet at one moment: what routing, status pages and model lists read, so that they can't disagree.
///
/// @param endpoints in configuration order
/// @param catalogue the models of all endpoints, down ones included
public record FleetSnapshot(List<EndpointState> endpoints, ModelCatalogue catalogue) {

    public FleetSnapshot {
        endpoints = List.copyOf(endpoints);
    }

    /// The state of that endpoint, or null when it is no part of the fleet.
    public @Nullable EndpointState state(Endpoint endpoint) {
        int position = endpoint.position();
        if (position < endpoints.size() && endpoints.get(position).endpoint() == endpoint) {
            return endpoints.get(position);
        }
        return null;
    }
}
