package dev.olla.request.route;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides where a request may go: by the route's kind of server, the path and the model, under the strict
/// strategy.
///
/// Pure: the same snapshot and request give the same decision. Safe for all threads.
public final class ModelRouting {

    private static final String STRATEGY = "strict";

    private final PathIndex paths;

    public ModelRouting(Collection<BackendProfile> profiles) {
        paths = new PathIndex(profiles);
    }

    /// @param path as the server would see it
    /// @param model as the client spelled it; null when the request names none
    public RoutingDecision decide(FleetSnapshot fleet, ProviderScope scope, String path, @Nullable String model) {
        List<EndpointState> inScope = new ArrayList<>();
        for (EndpointState state : fleet.endpoints()) {
            if (scope.accepts(state)) {
                inScope.add(state);
            }
        }
        List<EndpointState> routable = routable(inScope);
        Set<String> supporters = paths.supporters(path);
        List<EndpointState> usable = supporting(supporters, routable);
        if (model == null) {
            return withoutModel(inScope, usable, scope);
        }
        if (holders(fleet, scope, usable, model).isEmpty() && !isListed(supporters, usable)) {
            // Only servers of unknown kind may serve the path: no reason to hide those that hold the model.
            usable = routable;
        }
        return withModel(fleet, usable, scope, model, inScope);
    }

    /// Whether the kind of any of them is known to serve the path.
    private static boolean isListed(Set<String> supporters, List<EndpointState> states) {
        return states.stream()
                .anyMatch(state -> !isOfUnknownKind(state)
                        && supporters.contains(state.profile().name()));
    }

    private static boolean isOfUnknownKind(EndpointState state) {
        return state.ofUnknownKind();
    }

    private static List<EndpointState> routable(List<EndpointState> states) {
        List<EndpointState> routable = new ArrayList<>(states.size());
        for (EndpointState state : states) {
            if (state.routable()) {
                routable.add(state);
            }
        }
        return routable;
    }

    /// Keeps the kinds that are known to serve the path; all of them where none is.
    private static List<EndpointState> supporting(Set<String> supporters, List<EndpointState> states) {
        if (supporters.isEmpty()) {
            return states;
        }
        List<EndpointState> supporting = states.stream()
                .filter(state -> supporters.contains(state.profile().name()) || isOfUnknownKind(state))
                .toList();
        return supporting.isEmpty() ? states : supporting;
    }

    private static RoutingDecision withoutModel(
            List<EndpointState> inScope, List<EndpointState> usable, ProviderScope scope) {
        if (usable.isEmpty()) {
            return noEndpoints(inScope, scope);
        }
        return new RoutingDecision.Routed(
                usable.stream()
                        .map(state -> new Candidate(state.endpoint(), state.status(), null))
                        .toList(),
                null);
    }

    private static RoutingDecision noEndpoints(List<EndpointState> inScope, ProviderScope scope) {
        if (scope.provider() == null) {
            return new RoutingDecision.Rejected(503, "no_endpoints", "no healthy endpoints available", null);
        }
        return new RoutingDecision.Rejected(
                inScope.isEmpty() ? 404 : 503, "no_endpoints", "No " + scope.label() + " endpoints available", null);
    }

    private static RoutingDecision withModel(
            FleetSnapshot fleet,
            List<EndpointState> usable,
            ProviderScope scope,
            String model,
            List<EndpointState> inScope) {
        List<Candidate> candidates = holders(fleet, scope, usable, model);
        if (!candidates.isEmpty()) {
            return new RoutingDecision.Routed(candidates, new RoutingLabel(STRATEGY, "routed", "model_found"));
        }
        boolean unknown = fleet.catalogue().find(model).isEmpty();
        if (unknown && usable.isEmpty()) {
            return noEndpoints(inScope, scope);
        }
        return unknown ? rejected(404, "model_not_found") : rejected(503, "model_unavailable");
    }

    /// Those of the usable endpoints that hold the model, in configuration order.
    private static List<Candidate> holders(
            FleetSnapshot fleet, ProviderScope scope, List<EndpointState> usable, String model) {
        List<Placement> placements = fleet.catalogue().find(model, place -> {
            EndpointState state = fleet.state(place.endpoint());
            return state != null && scope.accepts(state);
        });
        List<Candidate> holders = new ArrayList<>(placements.size());
        for (Placement placement : placements) {
            EndpointState state = fleet.state(placement.endpoint());
            if (state != null && usable.contains(state)) {
                String rewritten =
                        placement.answersTo(model) ? null : placement.model().name();
                holders.add(new Candidate(placement.endpoint(), state.status(), rewritten));
            }
        }
        return holders;
    }

    private static RoutingDecision rejected(int status, String reason) {
        return new RoutingDecision.Rejected(status, reason, reason, new RoutingLabel(STRATEGY, "rejected", reason));
    }
}
