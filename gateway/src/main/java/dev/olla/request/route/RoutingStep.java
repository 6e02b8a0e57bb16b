package dev.olla.request.route;

import dev.olla.fleet.Endpoint;
import java.util.List;

/// What routing does next: decide, or look once more before it decides.
public sealed interface RoutingStep permits RoutingDecision, RoutingStep.AsksServers {

    /// Nobody is known to hold the model: these servers are asked for their lists first.
    ///
    /// @param endpoints at least one
    record AsksServers(List<Endpoint> endpoints) implements RoutingStep {
        public AsksServers {
            endpoints = List.copyOf(endpoints);
        }
    }
}
