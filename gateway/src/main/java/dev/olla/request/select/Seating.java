package dev.olla.request.select;

import dev.olla.http.Loop;
import dev.olla.request.route.RoutingDecision;
import java.util.function.Supplier;

/// What an inference request brings along to get a place, and to wait for one.
///
/// @param room where it waits
/// @param loop of the request
/// @param again decides anew where the request may go
public record Seating(WaitingRoom room, Demand demand, Loop loop, Supplier<RoutingDecision> again) {}
