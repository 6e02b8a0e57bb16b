package dev.olla.request.route;

import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelRefresh;
import dev.olla.http.Loop;
import java.util.function.Consumer;

/// Routes requests by the fleet as it is now, and has servers asked for their models where the strategy wants it.
///
/// Safe for all event loops.
public final class RouteFinder {

    private final Fleet fleet;
    private final ModelRefresh refresh;
    private final ModelRouting routing;

    public RouteFinder(Fleet fleet, ModelRefresh refresh, ModelRouting routing) {
        this.fleet = fleet;
        this.refresh = refresh;
        this.routing = routing;
    }

    /// The route as far as it can be told without asking servers.
    public Route foresee(RouteRequest request) {
        FleetSnapshot snapshot = fleet.snapshot();
        RoutingDecision decision = switch (routing.decide(snapshot, request)) {
            case RoutingDecision made -> made;
            case RoutingStep.AsksServers _ -> routing.undecided();
        };
        return new Route(snapshot, request, decision);
    }

    /// Hands the route over on the loop: at once, or when the servers have told what they hold.
    public void find(RouteRequest request, Loop loop, Consumer<Route> then) {
        FleetSnapshot snapshot = fleet.snapshot();
        switch (routing.decide(snapshot, request)) {
            case RoutingDecision decision -> then.accept(new Route(snapshot, request, decision));
            case RoutingStep.AsksServers(var endpoints) ->
                refresh.refresh(endpoints, routing.patience(), result -> {
                    FleetSnapshot known = fleet.snapshot();
                    RoutingDecision decision = routing.decideAfter(result, known, request);
                    loop.execute(() -> then.accept(new Route(known, request, decision)));
                });
        }
    }
}
