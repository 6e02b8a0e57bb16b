package dev.olla.request.select;

import dev.olla.fleet.FleetSnapshot;
import dev.olla.http.Loop;
import dev.olla.request.route.RoutingDecision;
import java.util.function.Supplier;

/// What an inference request brings along to get a place, and to wait for one.
///
/// @param room where it waits
/// @param fleet as routing saw it
/// @param loop of the request
/// @param again decides anew where the request may go
public record Seating(
        WaitingRoom room, FleetSnapshot fleet, Demand demand, Loop loop, Supplier<RoutingDecision> again) {

    PlaceLimits limits() {
        return new PlaceLimits(room.settings().limits(), fleet, demand.model());
    }
}
