package dev.olla.request.route;

import dev.olla.dialect.ApiCall;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelAliases;
import dev.olla.fleet.ModelRefresh;
import dev.olla.fleet.Placement;
import dev.olla.request.route.RoutingSettings.Fallback;
import dev.olla.request.route.RoutingSettings.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides where a request may go: by the route's kind of server, the path and the model.
///
/// Pure: the same snapshot and request give the same decision. Safe for all threads.
public final class ModelRouting {

    private final PathIndex paths;
    private final RoutingSettings settings;
    private final Ways ways;

    public ModelRouting(
            Collection<BackendProfile> profiles, RoutingSettings settings, TranslationSettings translation) {
        this.paths = new PathIndex(profiles);
        this.settings = settings;
        this.ways = new Ways(translation);
    }

    /// How long the servers may take to list their models, when they are asked for a request's sake.
    Duration patience() {
        return settings.discoveryTimeout();
    }

    Reach reach(FleetSnapshot fleet, RouteRequest request) {
        return Reach.of(fleet, request, paths, ways);
    }

    public RoutingStep decide(FleetSnapshot fleet, RouteRequest request) {
        Reach reach = reach(fleet, request);
        String model = request.model();
        if (model == null) {
            return reach.usable().isEmpty()
                    ? noEndpoints(reach, request.scope(), null)
                    : new RoutingDecision.Routed(everyUsable(reach, request), null);
        }
        String found = settings.strategy() == Strategy.DISCOVERY ? "model_found_no_refresh" : "model_found";
        RoutingDecision routed = routed(fleet, reach, request, model, found);
        return routed != null ? routed : missed(fleet, reach, request, model);
    }

    /// Decides once the servers were asked for their models, see [RoutingStep.AsksServers].
    ///
    /// @param fleet as it is then
    public RoutingDecision decideAfter(ModelRefresh.Result refresh, FleetSnapshot fleet, RouteRequest request) {
        Reach reach = reach(fleet, request);
        String model = request.model();
        if (model == null) {
            throw new IllegalArgumentException("no server is asked for the sake of no model");
        }
        // What some server told in time counts, also when another one kept the rest waiting.
        RoutingDecision routed = routed(fleet, reach, request, model, "model_found");
        if (routed != null) {
            return routed;
        }
        if (reach.usable().isEmpty()) {
            return rejected(503, "no_healthy_after_discovery");
        }
        return switch (refresh) {
            case FAILED ->
                switch (settings.fallback()) {
                    case NONE -> rejected(503, "discovery_failed_no_fallback");
                    case COMPATIBLE_ONLY -> rejected(503, "discovery_failed_compatible_only");
                    case ALL -> fallback(reach, request, "discovery_failed_all_fallback");
                };
            case UNREADABLE -> fallback(reach, request, "discovery_error_fallback");
            case LISTED ->
                settings.fallback() == Fallback.ALL
                        ? fallback(reach, request, "all_healthy_after_discovery")
                        : rejected(503, "model_unavailable_after_discovery");
        };
    }

    private @Nullable RoutingDecision routed(
            FleetSnapshot fleet, Reach reach, RouteRequest request, String model, String reason) {
        ModelAliases.Alias alias = settings.aliases().find(model);
        if (alias != null) {
            List<Candidate> candidates = candidates(fleet, reach, request, alias);
            if (!candidates.isEmpty()) {
                String words = "alias \"" + alias.name() + "\" resolved to " + candidates.size() + " endpoint(s)";
                return new RoutingDecision.Routed(candidates, new RoutingLabel("alias", "routed", words));
            }
        }
        List<Candidate> candidates = holders(fleet, reach, request, model);
        if (candidates.isEmpty()) {
            candidates = widened(fleet, request, model);
        }
        return candidates.isEmpty() ? null : new RoutingDecision.Routed(candidates, label("routed", reason));
    }

    /// Servers of other formats, for a model that none of the route's own kinds holds, not even one that is down.
    private List<Candidate> widened(FleetSnapshot fleet, RouteRequest request, String model) {
        ApiCall call = request.call();
        if (call == null || request.scope().wholeFleet() || !ways.translates(request)) {
            return List.of();
        }
        ModelAliases.Alias alias = settings.aliases().find(model);
        List<Placement> placements = alias == null ? fleet.catalogue().find(model) : alias.placements(fleet, _ -> true);
        List<Candidate> widened = new ArrayList<>();
        for (Placement placement : placements) {
            EndpointState state = fleet.state(placement.endpoint());
            if (state == null) {
                continue;
            }
            if (ways.understands(request, state)) {
                return List.of();
            }
            Way way = state.takesWork() ? ways.anyhow(request, call, state) : null;
            if (way != null) {
                widened.add(candidate(state, placement, request, model, way));
            }
        }
        return widened;
    }

    private List<Candidate> candidates(
            FleetSnapshot fleet, Reach reach, RouteRequest request, ModelAliases.Alias alias) {
        List<Placement> placements = alias.placements(fleet, endpoint -> Reach.contains(reach.usable(), endpoint));
        if (placements.isEmpty()) {
            placements = alias.placements(fleet, endpoint -> Reach.contains(reach.lenient(), endpoint));
        }
        return candidates(fleet, placements, request);
    }

    /// Those that hold the model, in configuration order.
    private List<Candidate> holders(FleetSnapshot fleet, Reach reach, RouteRequest request, String model) {
        List<Placement> everywhere =
                fleet.catalogue().find(model, place -> Reach.contains(reach.inScope(), place.endpoint()));
        List<Placement> placements = within(reach.usable(), everywhere);
        return candidates(fleet, placements.isEmpty() ? within(reach.lenient(), everywhere) : placements, request);
    }

    private static List<Placement> within(List<EndpointState> states, List<Placement> placements) {
        List<Placement> within = new ArrayList<>(placements.size());
        for (Placement placement : placements) {
            if (Reach.contains(states, placement.endpoint())) {
                within.add(placement);
            }
        }
        return within;
    }

    private List<Candidate> candidates(FleetSnapshot fleet, List<Placement> placements, RouteRequest request) {
        String model = request.model();
        List<Candidate> candidates = new ArrayList<>(placements.size());
        for (Placement placement : placements) {
            EndpointState state = fleet.state(placement.endpoint());
            Way way = state == null || model == null ? null : ways.of(request, state);
            if (state != null && model != null && way != null) {
                candidates.add(candidate(state, placement, request, model, way));
            }
        }
        return candidates;
    }

    private static Candidate candidate(
            EndpointState state, Placement placement, RouteRequest request, String model, Way way) {
        String rewritten = placement.answersTo(model) ? null : placement.model().name();
        boolean declared = Abilities.has(placement.kind(), placement.model(), request.needs());
        return new Candidate(placement.endpoint(), state.status(), rewritten, declared, placement, way);
    }

    /// Whether the endpoint holds the model, or one that stands behind the alias of that name.
    boolean holds(FleetSnapshot fleet, Endpoint endpoint, String model) {
        ModelAliases.Alias alias = settings.aliases().find(model);
        boolean byAlias = alias != null
                && !alias.placements(fleet, other -> other == endpoint).isEmpty();
        return byAlias
                || fleet.catalogue().find(model).stream().anyMatch(placement -> placement.endpoint() == endpoint);
    }

    private RoutingStep missed(FleetSnapshot fleet, Reach reach, RouteRequest request, String model) {
        boolean unknown = fleet.catalogue().find(model).isEmpty();
        boolean fallsBack = settings.strategy() == Strategy.OPTIMISTIC && settings.fallback() == Fallback.ALL;
        if (unknown && reach.usable().isEmpty() && !fallsBack) {
            return noEndpoints(reach, request.scope(), null);
        }
        return switch (settings.strategy()) {
            case STRICT -> unknown ? rejected(404, "model_not_found") : rejected(503, "model_unavailable");
            case OPTIMISTIC -> optimistic(unknown, reach, request);
            case DISCOVERY -> discovery(reach);
        };
    }

    private RoutingDecision optimistic(boolean unknown, Reach reach, RouteRequest request) {
        return switch (settings.fallback()) {
            case ALL -> fallback(reach, request, unknown ? "model_not_found_fallback" : "all_healthy_fallback");
            case NONE -> unknown ? rejected(404, "model_not_found") : rejected(503, "model_unavailable_no_fallback");
            case COMPATIBLE_ONLY ->
                unknown ? rejected(404, "model_not_found") : rejected(503, "model_unavailable_compatible_only");
        };
    }

    private RoutingStep discovery(Reach reach) {
        if (!settings.refreshOnMiss()) {
            return rejected(503, "model_unavailable_no_refresh");
        }
        return reach.routable().isEmpty()
                ? rejected(503, "no_healthy_after_discovery")
                : new RoutingStep.AsksServers(
                        reach.routable().stream().map(EndpointState::endpoint).toList());
    }

    /// Every usable server, whatever it is known to hold.
    private RoutingDecision fallback(Reach reach, RouteRequest request, String reason) {
        RoutingLabel label = label("fallback", reason);
        return reach.usable().isEmpty()
                ? noEndpoints(reach, request.scope(), label)
                : new RoutingDecision.Routed(everyUsable(reach, request), label);
    }

    private List<Candidate> everyUsable(Reach reach, RouteRequest request) {
        return reach.usable().stream().map(state -> candidate(state, request)).toList();
    }

    private Candidate candidate(EndpointState state, RouteRequest request) {
        String model = request.model();
        Placement place = model == null ? null : Placement.unlisted(state, model);
        Way way = ways.of(request, state);
        return new Candidate(
                state.endpoint(),
                state.status(),
                null,
                declares(state, request),
                place,
                way == null ? Way.AS_IT_IS : way);
    }

    /// Whether for each thing that is needed some model there is known to do it.
    private static boolean declares(EndpointState state, RouteRequest request) {
        return request.needs().stream()
                .allMatch(need ->
                        state.models().stream().anyMatch(model -> Abilities.has(state.profile(), model, Set.of(need))));
    }

    private static RoutingDecision noEndpoints(Reach reach, ProviderScope scope, @Nullable RoutingLabel label) {
        if (scope.provider() == null) {
            return new RoutingDecision.Rejected(503, "no_endpoints", "no healthy endpoints available", label);
        }
        return new RoutingDecision.Rejected(
                reach.inScope().isEmpty() ? 404 : 503,
                "no_endpoints",
                "No " + scope.label() + " endpoints available",
                label);
    }

    /// For a request that would have servers asked first.
    RoutingDecision undecided() {
        return rejected(503, "servers_would_be_asked_first");
    }

    private RoutingDecision rejected(int status, String reason) {
        return new RoutingDecision.Rejected(status, reason, reason, label("rejected", reason));
    }

    private RoutingLabel label(String action, String reason) {
        return new RoutingLabel(settings.strategy().name().toLowerCase(Locale.ROOT), action, reason);
    }
}
