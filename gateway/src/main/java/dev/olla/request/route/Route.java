package dev.olla.request.route;

import dev.olla.fleet.FleetSnapshot;

/// A decision, with what it was made from.
///
/// @param fleet as it was at that moment
public record Route(FleetSnapshot fleet, RouteRequest request, RoutingDecision decision) {}
